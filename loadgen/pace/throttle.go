package pace

import "sync/atomic"

// Throttle enforces the request rate that the owner of a driver allows, whatever a share asks for. It is a token bucket for the requests
// of one second, empty at T0, stored as the time from which the next request may be sent (GCRA). The loops share it. The zero
// value limits nothing.
type Throttle struct {
	gap  int64 // ns between requests at the limit; 0: no limit
	next atomic.Int64
}

// throttleBurst is the capacity of the bucket, in ns of the limited rate. It lets a late loop catch up.
const throttleBurst = int64(1e9)

// Limit sets the cap, in requests per second; 0: none. It must be called before the first Take.
func (t *Throttle) Limit(rate float64) {
	if rate > 0 {
		t.gap = max(int64(1e9/rate), 1)
	}
}

// Take takes a token for a request at now, in ns since T0. If there is none, ok is false, and until is when there is one.
func (t *Throttle) Take(now int64) (until int64, ok bool) {
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

// GiveBack returns the token of a request that was not sent.
func (t *Throttle) GiveBack() {
	if t.gap != 0 {
		t.next.Add(-t.gap)
	}
}
