package capacity

import (
	"cmp"
	"slices"
)

// Over is the reason of the stop when a search has ended.
const Over = "the search for the capacity has ended"

// Certificate is the result of a search.
type Certificate struct {
	RateRPS   float64 `json:"rate_rps"`            // highest sustained rate, requests/s of the fleet; 0: none
	BelowRPS  float64 `json:"below_rps,omitempty"` // the lowest rate that was not sustained; 0: none was found
	Precision float64 `json:"precision"`
	Confirmed bool    `json:"confirmed"`          // by a hold of three times the length
	AtLeast   bool    `json:"at_least,omitempty"` // the target may sustain more: the search ended before a rate failed
	Broke     string  `json:"broke,omitempty"`    // the objective that failed first, at BelowRPS
	KneeRPS   float64 `json:"knee_rps,omitempty"` // the highest rate, below BelowRPS, at which p99 was at most twice that of the first probe
	RecoveryS int     `json:"recovery_s"`         // after the overload; 0 without one
	StaysDown bool    `json:"stays_down,omitempty"`
	Limit     string  `json:"limit,omitempty"` // what limited the generator
	Ended     string  `json:"ended,omitempty"` // why the search ended before everything was known
	Probes    []Probe `json:"probes"`
}

// summarize derives the first failure and the knee from the probes.
func (c *Certificate) summarize() {
	var judged []Probe
	for _, p := range c.Probes {
		if p.Void == "" && p.Phase != Overload {
			judged = append(judged, p)
		}
	}
	slices.SortStableFunc(judged, func(a, b Probe) int { return cmp.Compare(a.RateRPS, b.RateRPS) })
	for _, p := range judged {
		if !p.Holds {
			c.BelowRPS, c.Broke = p.RateRPS, p.Broke
			break
		}
	}
	for _, p := range judged {
		if c.BelowRPS > 0 && p.RateRPS >= c.BelowRPS { // held for a while only
			break
		}
		if p.Holds && p.P99US <= 2*judged[0].P99US {
			c.KneeRPS = p.RateRPS
		}
	}
}

// held returns the highest rate up to a limit at which a probe held and was not superseded; 0: none did.
func (c Certificate) held(most float64) (rate float64) {
	for _, p := range c.Probes {
		if p.Void == "" && p.Holds && p.Phase != Overload && p.RateRPS <= most && !c.Superseded(p) {
			rate = max(rate, p.RateRPS)
		}
	}
	return rate
}

// Superseded reports whether a rate held in a probe, but the same or a lower one failed in another, longer one.
func (c Certificate) Superseded(p Probe) bool {
	return p.Holds && p.Void == "" && slices.ContainsFunc(c.Probes, func(q Probe) bool {
		return q.Void == "" && !q.Holds && q.Phase != Overload && q.RateRPS <= p.RateRPS
	})
}

// Curve returns the valid probes by rate, for a chart of latency against rate.
func (c Certificate) Curve() []Probe {
	var list []Probe
	for _, p := range c.Probes {
		if p.Void == "" {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b Probe) int { return cmp.Compare(a.RateRPS, b.RateRPS) })
	return list
}
