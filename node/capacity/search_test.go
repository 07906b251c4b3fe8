package capacity

import (
	"slices"
	"testing"
)

// A search whose run is stopped has the result of the probes so far: a rate that held, and the one that broke if there was one.
func TestStoppedSearch(t *testing.T) {
	for _, broke := range []bool{false, true} {
		s, q := &Search{Machine: New(Config{Objectives: objectives(t, "p99<250ms", "failed<0.1%")})}, newQueue(1000, .02, 0, 1)
		done := func() bool {
			probes := s.Certificate().Probes
			return len(probes) >= 2 && (!broke || slices.ContainsFunc(probes, func(p Probe) bool { return !p.Holds && p.Void == "" }))
		}
		for rate := s.Rate(); !done(); {
			if s.Phase() == Ended {
				t.Fatal("the search has ended by itself")
			}
			second := q.second(rate)
			rate = s.Rate()
			s.Observe(second)
		}
		s.Stop()
		c := s.Certificate()
		if s.Phase() != Ended || c.Ended == "" || c.Confirmed || c.RateRPS == 0 || c.AtLeast == broke || (c.BelowRPS > c.RateRPS) != broke {
			t.Errorf("broke %v: %+v", broke, c)
		}
	}
}
