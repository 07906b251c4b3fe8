package target

import (
	"sync"
	"time"
)

// rushDelay is the fault of a target that is slow above a rate.
func rushDelay(above float64, by time.Duration) delay {
	var r rush
	return func(m moment) time.Duration {
		if r.rate(m.age) <= above {
			return 0
		}
		return by
	}
}

// rush counts the requests of the last second, in tenths of a second.
type rush struct {
	mu     sync.Mutex
	tenths [11]int // a ring; the newest one is not complete
	now    int64   // number of the newest tenth since the target started
}

// rate counts a request at an age of the target and returns the number of requests in the last ten complete tenths.
func (r *rush) rate(age time.Duration) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := int64(len(r.tenths))
	for at := int64(age / (time.Second / 10)); r.now < at; {
		r.now = max(r.now, at-n) + 1
		r.tenths[r.now%n] = 0
	}
	r.tenths[r.now%n]++
	total := -r.tenths[r.now%n]
	for _, count := range r.tenths {
		total += count
	}
	return float64(total)
}
