package pace

import (
	"sync"
	"sync/atomic"
	"testing"
)

// However loops take, reserve and return requests, exactly the quota is used.
func TestTokensAreAsManyAsTheQuota(t *testing.T) {
	for _, quota := range []int64{1, 7, 100, 10_000} {
		var k Budget
		k.Quota.Store(quota)
		var used atomic.Int64
		var wg sync.WaitGroup
		for _, take := range []func() int64{k.TakeOne, k.TakeBatch, k.TakeOne, k.TakeBatch} {
			wg.Go(func() {
				if n := k.Reserve(5); n > 2 {
					used.Add(2)
					k.Taken.Add(2 - n) // given back
				} else {
					used.Add(n)
				}
				for n := take(); n > 0; n = take() {
					used.Add(n)
				}
			})
		}
		wg.Wait()
		for n := k.TakeOne(); n > 0; n = k.TakeOne() { // what was given back late
			used.Add(n)
		}
		if left, limited := k.Left(); used.Load() != quota || left != 0 || !limited {
			t.Errorf("%d of %d are used, %d left", used.Load(), quota, left)
		}
	}
	var k Budget
	if _, limited := k.Left(); limited || k.TakeBatch() != 1 || k.Reserve(3) != 0 {
		t.Error("without a quota there is no limit, and nothing to reserve")
	}
}
