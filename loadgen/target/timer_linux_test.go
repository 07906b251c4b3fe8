package target

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestPauseIsPrecise: the median of waits of 1.3 ms is within a quarter of a millisecond, whereas Go's timers wait for 2 ms.
func TestPauseIsPrecise(t *testing.T) {
	const want = 1300 * time.Microsecond
	best := time.Hour // of several tries, because the machine may be busy
	for range 20 {
		var waits []time.Duration
		for range 25 {
			began := time.Now()
			if !pause(t.Context(), want) {
				t.Fatal("canceled")
			}
			waits = append(waits, time.Since(began))
		}
		slices.Sort(waits)
		if waits[0] < want {
			t.Fatalf("waited %s, want %s", waits[0], want)
		}
		if best = min(best, waits[len(waits)/2]); best < want+want/5 {
			return
		}
	}
	t.Errorf("the median of the best try is %s, want %s", best, want)
}

// TestPauseIsCanceled: waits end when their context does, and the timers of others are not disturbed.
func TestPauseIsCanceled(t *testing.T) {
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			canceled := i%2 == 0
			if canceled {
				time.AfterFunc(time.Duration(i)*10*time.Microsecond, cancel)
			}
			wait := time.Duration(i) * 20 * time.Microsecond
			if canceled {
				wait = precise
			}
			began := time.Now()
			done := pause(ctx, wait)
			if lasted := time.Since(began); done == canceled || done && lasted < wait {
				t.Errorf("a wait of %s, canceled: %v, ended: %v after %s", wait, canceled, done, lasted)
			}
		})
	}
	all.Wait()
}
