package engine

import "sync/atomic"

// throttle is the cap of a driver's owner on its requests, whatever a share says: a token bucket that holds one second's
// requests and is empty at T0, kept as the moment from which on the next request may leave (GCRA). Loops share it.
type throttle struct {
	gap  int64 // ns from one request to the next at the cap; 0: no cap
	next atomic.Int64
}

// throttleBurst is how long, in ns, a throttle that was not used may be made up for: a loop that was held up catches up.
const throttleBurst = int64(1e9)

func (t *throttle) limit(rate float64) {
	if rate > 0 {
		t.gap = max(int64(1e9/rate), 1)
	}
}

// take lets one request leave at now, ns since T0, and returns true; else until when none may.
func (t *throttle) take(now int64) (until int64, ok bool) {
	if t.gap == 0 {
		return 0, true
	}
	for {
		next := t.next.Load()
		from := max(next, now-throttleBurst)
		if from > now {
			return from, false
		}
		if t.next.CompareAndSwap(next, from+t.gap) {
			return 0, true
		}
	}
}

// giveBack undoes a take: the request did not leave.
func (t *throttle) giveBack() {
	if t.gap != 0 {
		t.next.Add(-t.gap)
	}
}

// allowed asks the throttle for one request, and remembers until when there is none.
func (l *loop) allowed() (ok bool) {
	l.heldUntil, ok = l.engine.throttle.take(l.now)
	return ok
}
