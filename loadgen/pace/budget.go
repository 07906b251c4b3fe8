package engine

import "sync/atomic"

// budget is the number of requests that may still be sent under a quota. Loops take them in batches while
// many are left.
type budget struct {
	quota atomic.Int64 // since T0; 0: no limit
	taken atomic.Int64
}

// reserve takes n requests, or as many as are left.
func (t *budget) reserve(n int64) int64 {
	for {
		taken := t.taken.Load()
		n = max(min(n, t.quota.Load()-taken), 0)
		if t.taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}

// left returns how many requests may still be sent, if there is a limit.
func (t *budget) left() (n int64, limited bool) {
	quota := t.quota.Load()
	return max(quota-t.taken.Load(), 0), quota > 0
}

// batch is the number of requests that a loop of an avalanche takes at a time.
const batch = 64

// takeOne takes one request; 0: none is left. Loops with a schedule take one at a time, so that none holds
// requests that another has to send.
func (t *budget) takeOne() int64 { return t.take(1) }

// takeBatch takes a batch while many are left, then one at a time; 0: none is left.
func (t *budget) takeBatch() int64 { return t.take(batch) }

func (t *budget) take(most int64) int64 {
	for {
		quota, taken := t.quota.Load(), t.taken.Load()
		if quota == 0 {
			return 1
		}
		n := int64(1)
		if left := quota - taken; left <= 0 {
			return 0
		} else if left > 64*batch {
			n = most
		}
		if t.taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}
