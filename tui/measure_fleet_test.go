//go:build bench && unix

package tui

import (
	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
	"sync"
	"time"
)

// live is a scripted fleet that advances in real time, beside the console.
type live struct {
	*tuitest.Conductor
	mu      sync.Mutex
	changed chan struct{}
}

func scripted(drivers int, running bool) *live {
	f := tuitest.New()
	f.Drivers(drivers)
	if running {
		f.Configure("tsunami-7", drivers)
		f.Start("tsunami-7", drivers, "me")
	}
	return &live{Conductor: f, changed: make(chan struct{}, 1)}
}

func (l *live) View(f func(*fleet.State)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l.State)
}

func (l *live) Subscribe() (<-chan struct{}, func()) { return l.changed, func() {} }

func (l *live) tell(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// pass advances by a second in ten steps, and returns the CPU time that the script itself took.
func (l *live) pass(i, n int, running bool) (own time.Duration) {
	for part := range 10 {
		began := cpu()
		for d := part; d < n; d += 10 {
			l.tell(func() { // like an orchestrator: one record at a time
				if running {
					l.Beat(d, node.Running, "tsunami-7")
					l.Snapshot("tsunami-7", i, d, 0)
				} else {
					l.Beat(d, node.Idle, "")
				}
			})
		}
		l.tell(func() {
			l.Clock = l.Clock.Add(100 * time.Millisecond)
			l.State.Tick(l.Clock)
		})
		select {
		case l.changed <- struct{}{}:
		default:
		}
		own += cpu() - began
		time.Sleep(100 * time.Millisecond)
	}
	return own
}

// scriptAlone returns the CPU time that the wake-ups of the scripted fleet take, besides the time that pass
// returns.
func scriptAlone(drivers, seconds int, running bool) time.Duration {
	l := scripted(drivers, running)
	l.pass(0, drivers, running)
	began, own := cpu(), time.Duration(0)
	for i := 1; i <= seconds; i++ {
		own += l.pass(i, drivers, running)
	}
	return cpu() - began - own
}
