package pace

import (
	"sync"
	"sync/atomic"
	"testing"
)

const second = int64(1e9)

// taken counts the tokens that are available at a time.
func taken(k *Throttle, now int64) (n int) {
	for {
		if _, ok := k.Take(now); !ok {
			return n
		}
		n++
	}
}

func TestThrottleAllowsItsRateAndASecondOfArrears(t *testing.T) {
	var k Throttle
	k.Limit(50)
	if n := taken(&k, 0); n != 1 {
		t.Errorf("%d requests at T0, want 1: the bucket is empty then", n)
	}
	if until, ok := k.Take(0); ok || until != second/50 {
		t.Errorf("the next one at %d, want %d", until, second/50)
	}
	if n := taken(&k, second); n != 50 {
		t.Errorf("%d requests up to the first second, want 50", n)
	}
	if n := taken(&k, 100*second); n != 51 {
		t.Errorf("%d requests at once after a pause, want those of one second, and one that is due", n)
	}
	if n := taken(&k, 101*second); n != 50 {
		t.Errorf("%d requests in the second after that, want 50", n)
	}
}

func TestThrottleWithoutALimit(t *testing.T) {
	for _, rate := range []float64{0, -1} {
		var k Throttle
		k.Limit(rate)
		for range 1000 {
			if _, ok := k.Take(0); !ok {
				t.Fatalf("a request is refused at %v", rate)
			}
		}
		k.GiveBack()
	}
}

func TestTokensGivenBackAreTakenAgain(t *testing.T) {
	var k Throttle
	k.Limit(10)
	taken(&k, second)
	k.GiveBack()
	k.GiveBack()
	if n := taken(&k, second); n != 2 {
		t.Errorf("%d requests, want the two that were not sent", n)
	}
}

// However many loops take and return tokens concurrently, they do not exceed the rate together.
func TestThrottleIsSharedByLoops(t *testing.T) {
	const rate, seconds = 1000, 5
	var k Throttle
	k.Limit(rate)
	var sent atomic.Int64
	var loops sync.WaitGroup
	for range 4 {
		loops.Go(func() {
			for now := int64(0); now < seconds*second; now += second / 10 {
				for i := 0; ; i++ {
					if _, ok := k.Take(now); !ok {
						break
					}
					if i%3 == 2 {
						k.GiveBack()
						break
					}
					sent.Add(1)
				}
			}
		})
	}
	loops.Wait()
	if most := int64(rate*seconds + rate); sent.Load() > most || sent.Load() == 0 {
		t.Errorf("%d requests in %d s at %d a second", sent.Load(), seconds, rate)
	}
}
