package engine

import (
	"sync/atomic"

	"landfall/loadgen/pace"
)

// sequence assigns numbers to a driver's requests. A number selects the request of a spec, its CSV row and {{seq}}. In a tsunami they
// follow from the schedule. The loops of an avalanche differ in speed, so they reserve batches of numbers from this common counter; none is
// skipped because a loop is slow.
type sequence struct{ given atomic.Int64 }

// reserve takes n numbers and returns the first of them.
func (s *sequence) reserve(n int64) int64 { return s.given.Add(n) - n }

// number returns the number of the request that starts now.
func (l *loop) number() int64 {
	if !l.pacers[0].Closed {
		return l.base + int64(l.id) + int64(l.loops)*l.begun
	}
	if l.next == l.nextEnd {
		n := int64(pace.Batch)
		if _, limited := l.engine.budget.Left(); limited {
			n = l.tokens + 1 // as many as it may start, so that all are used
		}
		l.next = l.engine.numbers.reserve(n)
		l.nextEnd = l.next + n
	}
	l.next++
	return l.next - 1
}

// Given holds how many numbers of requests (or iterations), users and unique rows an engine has used.
type Given struct{ Numbers, Users, Rows int64 }

// Given returns the numbers used, once Run has returned. Another engine of the same driver and run continues after them.
func (e *Engine) Given() Given {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Given{Numbers: max(e.numbers.given.Load(), e.reached), Users: e.userNumbers.given.Load(), Rows: e.rowNumbers.given.Load()}
}

// continueAfter continues the numbers, users and rows of earlier engines.
func (e *Engine) continueAfter(g Given) {
	e.numbers.given.Store(g.Numbers)
	e.userNumbers.given.Store(g.Users)
	e.rowNumbers.given.Store(g.Rows)
}

// reach records the highest number of a loop with a schedule.
func (l *loop) reach() {
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	l.engine.reached = max(l.engine.reached, l.base+int64(l.loops)*l.begun)
}
