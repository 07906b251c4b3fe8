package engine

import (
	"runtime"
	"sync"
)

// processors keeps one of the runtime's processors free of loops while engines run, one more than there are cores if need
// be. A loop that waits behind the runtime's back (fastPoll.nap) keeps its processor, and what else the process does must
// not wait for that; nor does the runtime then take the processor of a loop that waits with its knowledge, only to hand it
// back.
var processors struct {
	mu    sync.Mutex
	loops int // of all engines that run
	cores int // that the process may use, while loops > 0
}

// cores is how many cores the process may use, a container's quota included.
func cores() int {
	p := &processors
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loops > 0 {
		return p.cores
	}
	return runtime.GOMAXPROCS(0)
}

// spareProcessor makes room for n more loops, until the function it returns is called.
func spareProcessor(n int) (release func()) {
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
