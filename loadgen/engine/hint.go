package engine

import (
	"errors"
	"fmt"
	"syscall"

	"landfall/loadgen"
)

// hints are what an operator can do about connections that this machine, not the target, refuses.
var hintTexts = []struct {
	err  error
	text string
}{
	{syscall.EMFILE, "its descriptors: the process has no more (raise ulimit -n, or use fewer connections)"},
	{syscall.ENFILE, "its descriptors: the system has no more (raise fs.file-max)"},
	{syscall.EADDRNOTAVAIL, "its ports: none is left for new connections (use keep-alive, several --bind addresses, or more drivers)"},
	{syscall.ENOBUFS, "its memory for sockets: the system has no more"},
}

// hint notes why a connection was not opened, if that is this machine's fault, and says it in the log, once.
func (e *Engine) hint(class int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, h := range hintTexts {
		if errors.Is(err, h.err) {
			if e.hinted&(1<<i) == 0 {
				e.options.Log.Warn("a connection could not be opened", "why", err, "limit", h.text)
			}
			e.hinted |= 1 << i
			e.hinting |= 1 << i
			return
		}
	}
	if !e.told[class] {
		e.told[class] = true
		e.failures = append(e.failures, fmt.Sprintf("%s: %v", loadgen.Classes[class], err))
		e.options.Log.Warn("a connection could not be opened; more like it are only counted", "class", loadgen.Classes[class], "why", err)
	}
}

// failed are the first failures of each class that no interval has told of yet.
func (e *Engine) failed() (list []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	list, e.failures = e.failures, nil
	return list
}

// hints are those of the last interval.
func (e *Engine) hints() (list []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, h := range hintTexts {
		if e.hinting&(1<<i) != 0 {
			list = append(list, h.text)
		}
	}
	e.hinting = 0
	return list
}
