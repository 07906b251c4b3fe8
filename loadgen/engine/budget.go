package engine

import "sync/atomic"

// budget are the requests that may still be begun under a quota. Loops take them in handfuls while there are many.
type budget struct {
	quota atomic.Int64 // since T0; 0: no limit
	taken atomic.Int64
}

// reserve takes n requests, or as many as there are.
func (t *budget) reserve(n int64) int64 {
	for {
		taken := t.taken.Load()
		n = max(min(n, t.quota.Load()-taken), 0)
		if t.taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}

// left is how many requests may still be begun, if there is a limit.
func (t *budget) left() (n int64, limited bool) {
	quota := t.quota.Load()
	return max(quota-t.taken.Load(), 0), quota > 0
}

const handful = 64

// take gives up to a handful of requests to begin; 0: there are none left. even: one at a time, because the loops keep
// to a schedule and none may be left with requests that are another's to send.
func (t *budget) take(even bool) int64 {
	for {
		quota, taken := t.quota.Load(), t.taken.Load()
		if quota == 0 {
			return 1
		}
		n := int64(1)
		if left := quota - taken; left <= 0 {
			return 0
		} else if !even && left > 64*handful {
			n = handful
		}
		if t.taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}
