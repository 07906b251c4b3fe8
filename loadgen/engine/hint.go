package engine

import (
	"errors"
	"syscall"

	"landfall/loadgen"
)

// hintTexts tell operators what to do if this machine, not the target, refuses connections.
var hintTexts = []struct {
	err  error
	text string
}{
	{syscall.EMFILE, "its descriptors: the process has no more (raise ulimit -n, or use fewer connections)"},
	{syscall.ENFILE, "its descriptors: the system has no more (raise fs.file-max)"},
	{syscall.EADDRNOTAVAIL, "its ports: none is left for new connections (use keep-alive, several --bind addresses, or more drivers)"},
	{syscall.ENOBUFS, "its memory for sockets: the system has no more"},
}

// isOurs reports whether this machine, not the target, refuses a connection.
func isOurs(err error) bool {
	for _, h := range hintTexts {
		if errors.Is(err, h.err) {
			return true
		}
	}
	return false
}

// hint records that this machine refused a connection, and logs it once.
func (e *Engine) hint(err error) {
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
}

// logFailure logs the first failure of each class.
func (e *Engine) logFailure(class int, why string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.logged[class] {
		e.logged[class] = true
		e.options.Log.Warn("first request with this error; later ones are only counted", "class", loadgen.Classes[class], "why", why)
	}
}

// hints returns the hints of the last interval.
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
