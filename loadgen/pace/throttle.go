package engine

import "sync/atomic"

// throttle enforces the request rate that the owner of a driver allows, whatever a share asks for. It is a token bucket for the requests
// of one second, empty at T0, stored as the time from which the next request may be sent (GCRA). The loops share it.
type throttle struct {
	gap  int64 // ns between requests at the limit; 0: no limit
	next atomic.Int64
}

// throttleBurst is the capacity of the bucket, in ns of the limited rate. It lets a late loop catch up.
const throttleBurst = int64(1e9)

func (t *throttle) limit(rate float64) {
	if rate > 0 {
		t.gap = max(int64(1e9/rate), 1)
	}
}

// take takes a token for a request at now, in ns since T0. If there is none, ok is false, and until is when there is one.
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

// giveBack returns the token of a request that was not sent.
func (t *throttle) giveBack() {
	if t.gap != 0 {
		t.next.Add(-t.gap)
	}
}

// allowed takes a token, or stores when there will be one.
func (l *loop) allowed() (ok bool) {
	l.heldUntil, ok = l.engine.throttle.take(l.now)
	return ok
}
