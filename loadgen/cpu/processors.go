// Package cpu tells how much of the machine's processors the process may use and has used, and keeps one of them free for
// goroutines while load engines run.
package cpu

import (
	"runtime"
	"sync"
)

// processors raises GOMAXPROCS to loops+1 while engines run, so that other goroutines have a P while loops block in raw
// system calls and the scheduler has no reason to retake the P of a loop that waits.
var processors struct {
	mu    sync.Mutex
	loops int // of all engines that run
	cores int // that the process may use, while loops > 0
}

// Cores returns the number of cores that the process may use, including the quota of a container.
func Cores() int {
	p := &processors
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loops > 0 {
		return p.cores
	}
	return runtime.GOMAXPROCS(0)
}

// Spare raises GOMAXPROCS for n more loops until release is called.
func Spare(n int) (release func()) {
	p := &processors
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loops == 0 {
		p.cores = runtime.GOMAXPROCS(0)
	}
	p.loops += n
	if p.loops >= runtime.GOMAXPROCS(0) {
		runtime.GOMAXPROCS(p.loops + 1)
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.loops -= n; p.loops == 0 && runtime.GOMAXPROCS(0) != p.cores {
			runtime.GOMAXPROCS(p.cores)
		}
	}
}
