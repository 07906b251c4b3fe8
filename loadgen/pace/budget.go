package pace

import "sync/atomic"

// Budget is the number of requests that may still be sent under a quota. Loops take them in batches while
// many are left.
type Budget struct {
	Quota atomic.Int64 // since T0; 0: no limit
	Taken atomic.Int64 // by the loops, used or not
}

// Reserve takes n requests, or as many as are left.
func (t *Budget) Reserve(n int64) int64 {
	for {
		taken := t.Taken.Load()
		n = max(min(n, t.Quota.Load()-taken), 0)
		if t.Taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}

// Left returns how many requests may still be sent, if there is a limit.
func (t *Budget) Left() (n int64, limited bool) {
	quota := t.Quota.Load()
	return max(quota-t.Taken.Load(), 0), quota > 0
}

// Batch is the number of requests that a loop of an avalanche takes at a time.
const Batch = 64

// TakeOne takes one request; 0: none is left. Loops with a schedule take one at a time, so that none holds
// requests that another has to send.
func (t *Budget) TakeOne() int64 { return t.take(1) }

// TakeBatch takes a batch while many are left, then one at a time; 0: none is left.
func (t *Budget) TakeBatch() int64 { return t.take(Batch) }

func (t *Budget) take(most int64) int64 {
	for {
		quota, taken := t.Quota.Load(), t.Taken.Load()
		if quota == 0 {
			return 1
		}
		n := int64(1)
		if left := quota - taken; left <= 0 {
			return 0
		} else if left > 64*Batch {
			n = most
		}
		if t.Taken.CompareAndSwap(taken, taken+n) {
			return n
		}
	}
}
