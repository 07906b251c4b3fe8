package target

import (
	"context"
	"math/rand/v2"
	"time"
)

// moment holds the inputs of a delay.
type moment struct {
	age         time.Duration // of the target
	path        string        // of the request
	connections int64         // open now
}

// A delay returns the delay of a response. Several delays add up.
type delay func(moment) time.Duration

// delays returns the delays of a configuration.
func delays(c Config) []delay {
	var all []delay
	add := func(enabled bool, d delay) {
		if enabled {
			all = append(all, d)
		}
	}
	add(c.Delay > 0, func(moment) time.Duration { return c.Delay })
	add(c.Jitter > 0, func(moment) time.Duration { return rand.N(c.Jitter) })
	add(c.ServiceTime > 0, serviceTime(c.ServiceTime, c.ServiceSigma))
	add(c.CrowdDelay > 0, crowdDelay(c.CrowdAbove, c.CrowdDelay))
	add(c.RushDelay > 0, rushDelay(c.RushAbove, c.RushDelay))
	add(c.Drift > 0, drift(c.Drift))
	add(c.SlowPath != "", slowPath(c.SlowPath, c.SlowPathDelay))
	return all
}

// rest waits by a Go timer, which may be late by a millisecond. It returns false if ctx is canceled first.
func rest(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
