package report

import (
	"fmt"

	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// addCapacity builds the certificate of a capacity search from the run's seconds.
func (r *Report) addCapacity(run *fleet.Run) {
	s := capacity.NewSearch(run.Spec)
	if s == nil {
		return
	}
	if s.Follow(run); run.Phase != fleet.Started { // it was stopped, or has ended
		s.Stop()
	}
	c := s.Certificate()
	r.Capacity = &c
}

// searched returns the outcome of a search that has ended, and its reasons: it fails if no rate holds or a threshold was crossed.
func searched(r *Report) (Outcome, []string) {
	c, reasons := r.Capacity, crossings(r)
	if c.RateRPS == 0 {
		return Failed, append(reasons, Certified(c)+": "+c.Ended)
	}
	if len(reasons) > 0 {
		return Failed, reasons
	}
	return Finished, []string{Certified(c)}
}

// Certified returns the result of a search in one line.
func Certified(c *capacity.Certificate) string {
	switch {
	case c.RateRPS == 0:
		return "no capacity was found"
	case c.AtLeast:
		return fmt.Sprintf("capacity: at least %s", figures.Rate(c.RateRPS))
	case !c.Confirmed:
		return fmt.Sprintf("capacity: about %s, not confirmed", figures.Rate(c.RateRPS))
	}
	return fmt.Sprintf("capacity: %s (between %s and %s)", figures.Rate(c.RateRPS), figures.Rate(c.RateRPS), figures.Rate(c.BelowRPS))
}
