package capacity

import (
	"math"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/fleet"
)

// ConfigOf returns the search of a spec; false: it has none.
func ConfigOf(s loadgen.Spec) (Config, bool) {
	if s.Capacity == nil {
		return Config{}, false
	}
	c := Config{From: s.Capacity.From, To: s.Capacity.To, Hold: s.Capacity.Hold.Std(), Precision: s.Capacity.Precision}
	for _, expr := range s.Capacity.Objectives {
		if parsed, err := condition.Parse(expr); err == nil { // Validate refuses others
			c.Objectives = append(c.Objectives, parsed)
		}
	}
	return c, true
}

// Search feeds a machine with the seconds of a run. It is deterministic: another orchestrator can continue a search, and its
// certificate can be rebuilt from the topics.
type Search struct {
	*Machine
	next int // interval
}

// NewSearch returns the search of a spec; nil: it has none.
func NewSearch(s loadgen.Spec) *Search {
	c, ok := ConfigOf(s)
	if !ok {
		return nil
	}
	return &Search{Machine: New(c)}
}

// Follow observes the complete seconds of the run that are new.
func (s *Search) Follow(r *fleet.Run) {
	for ; s.next < r.Complete(); s.next++ {
		s.Observe(secondOf(r, s.next))
	}
}

// Stop ends a search whose run was stopped before it had ended: its result is what its probes have shown so far.
func (s *Search) Stop() {
	if s.phase == Ended {
		return
	}
	s.end("the run was stopped before the search had ended")
	if c := &s.cert; c.RateRPS == 0 {
		c.RateRPS = c.held(math.Inf(1))
		c.AtLeast = c.RateRPS > 0 && c.BelowRPS == 0
	}
}

func secondOf(r *fleet.Run, n int) Second {
	i := r.Intervals.At(n)
	asked, _ := r.Asked(n)
	s := Second{Asked: asked, Counts: i.Delta, Latency: i.Histogram(), InFlight: i.InFlight, Coverage: 1, Limited: i.Limited}
	if i.Expected > 0 {
		s.Coverage = min(float64(i.Present)/float64(i.Expected), 1)
	}
	return s
}
