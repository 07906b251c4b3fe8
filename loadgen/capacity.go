package loadgen

import (
	"time"

	"landfall/loadgen/condition"
	"landfall/loadgen/field"
)

// Capacity makes a run a search for the highest rate at which the target meets the objectives. The orchestrator changes the rate
// from probe to probe.
type Capacity struct {
	Objectives []string `json:"slo" yaml:"slo,omitempty"`                       // conditions that each probe must meet, such as "p99<250ms"
	From       float64  `json:"from_rps,omitempty" yaml:"from,omitempty"`       // first rate of the fleet; default 100
	To         float64  `json:"to_rps,omitempty" yaml:"to,omitempty"`           // highest rate; default 50,000
	Hold       Duration `json:"hold_us,omitempty" yaml:"hold,omitempty"`        // length of a probe; default 20s
	Precision  float64  `json:"precision,omitempty" yaml:"precision,omitempty"` // relative, from 0.01 to 0.5; default 0.05
}

// Defaults of a search: its maximum length, and how long a due request waits for a connection. Probes overload the target on purpose;
// dropped requests show an overload as well as late ones do, and leave no backlog for the next probe.
const (
	searchFor      = 30 * time.Minute
	searchPatience = 2 * time.Second
)

// searching applies the defaults of a capacity search.
func (s Spec) searching() Spec {
	c := *s.Capacity
	if c.From == 0 {
		c.From = 100
	}
	if c.To == 0 {
		c.To = 50_000
	}
	if c.Hold == 0 {
		c.Hold = Duration(20 * time.Second)
	}
	if c.Precision == 0 {
		c.Precision = 0.05
	}
	s.Capacity = &c
	s.Kind = Tsunami
	if s.RateRPS == 0 {
		s.RateRPS = min(c.From, c.To)
	}
	if s.Duration == 0 {
		s.Duration = Duration(searchFor)
	}
	if s.Patience == 0 {
		s.Patience = Duration(searchPatience)
	}
	return s
}

func (s Spec) checkCapacity() error {
	c := s.Capacity
	switch {
	case c == nil:
		return nil
	case len(c.Objectives) == 0 || len(c.Objectives) > maxThresholds:
		return field.Wrong("capacity.slo", len(c.Objectives), "must have one to %d conditions, such as p99<250ms and failed<0.1%%", maxThresholds)
	case s.Delay != 0 || len(s.Stages) > 0 || s.Count != 0 || s.CountPerDriver != 0:
		return field.Wrong("capacity", "", "a search sets the rate itself: remove delay, stages, count and count_per_driver")
	case !(c.From >= MinRate) || !(c.To <= MaxRate) || c.From > c.To:
		return field.Wrong("capacity.from", c.From, "must be between %v and the highest rate (%v)", MinRate, c.To)
	case c.Hold.Std() < 4*time.Second || c.Hold.Std() > time.Hour || c.Hold.Std()%time.Second != 0:
		return field.Wrong("capacity.hold", c.Hold, "must be whole seconds from 4s to 1h")
	case !(c.Precision >= 0.01 && c.Precision <= 0.5):
		return field.Wrong("capacity.precision", c.Precision, "must be between 1 %% and 50 %%")
	}
	for _, expr := range c.Objectives {
		parsed, err := condition.Parse(expr)
		if err != nil {
			return field.Wrong("capacity.slo", expr, "%s", err)
		}
		if len(parsed.Labels) > 0 || parsed.Window > 0 || parsed.IsTime() && parsed.Of != condition.Latency {
			return field.Wrong("capacity.slo", expr, "must not have labels, windows or times other than latency: it is evaluated on each probe")
		}
	}
	return nil
}
