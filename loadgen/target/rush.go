package target

import (
	"sync"
	"time"
)

// rushDelay is the illness of a target that becomes slower at a rate, such as one whose cache or quota is made for it.
func rushDelay(above float64, by time.Duration) delay {
	var r rush
	return func(m moment) time.Duration {
		if r.rate(m.age) <= above {
			return 0
		}
		return by
	}
}

// rush counts arrivals in the last second, in tenths of it.
type rush struct {
	mu     sync.Mutex
	tenths [11]int // the newest is not over yet
	now    int64   // the tenth that the newest is, since the target started
}

// rate takes an arrival at an age of the target and returns how many there were in the last ten whole tenths of a second.
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
