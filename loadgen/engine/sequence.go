package engine

import (
	"sync/atomic"

	"landfall/loadgen/pace"
)

// sequence hands out the numbers of a driver's requests, which select the request of a spec, the row of its CSV and {{seq}}.
// The numbers of a tsunami follow from its schedule. The loops of an avalanche differ in speed: they take numbers from this
// common counter, in batches, so that no number is skipped because a loop is slow.
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
			n = l.tokens + 1 // as many as it may begin, so that all are used
		}
		l.next = l.engine.numbers.reserve(n)
		l.nextEnd = l.next + n
	}
	l.next++
	return l.next - 1
}

// Given holds how many numbers of requests (or iterations), users and unique rows an engine has used.
type Given struct{ Numbers, Users, Rows int64 }

// Given returns what has been given out, once Run has returned: another engine of the same driver and run continues after it.
func (e *Engine) Given() Given {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Given{Numbers: max(e.numbers.given.Load(), e.reached), Users: e.people.given.Load(), Rows: e.rows.given.Load()}
}

// continueAfter has numbers, users and rows continue after those of earlier engines.
func (e *Engine) continueAfter(g Given) {
	e.numbers.given.Store(g.Numbers)
	e.people.given.Store(g.Users)
	e.rows.given.Store(g.Rows)
}

// reach notes how far the numbers of a loop that keeps a schedule have come.
func (l *loop) reach() {
	l.engine.mu.Lock()
	defer l.engine.mu.Unlock()
	l.engine.reached = max(l.engine.reached, l.base+int64(l.loops)*l.begun)
}
