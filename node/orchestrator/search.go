package orchestrator

import (
	"context"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// search advances a capacity search: it sets the rate that the search wants, and stops the run when the
// search has ended. An orchestrator that adopts the run replays it from its first second and reaches the same
// state.
func (o *Orchestrator) search(ctx context.Context, r *fleet.Run, c *conduct, now time.Time, fresh bool) bool {
	if c.search == nil {
		if c.search = capacity.NewSearch(r.Spec); c.search == nil {
			return false
		}
	}
	c.search.Follow(r)
	if c.search.Phase() == capacity.Ended {
		c.stopped = true
		o.write(ctx, r, c, &node.Trigger{Action: node.Stop, TestID: r.ID, Reason: capacity.Over})
		return true
	}
	rate := c.search.Rate()
	if rate == c.searched && fresh || rate == loadgen.Schedule(r.Plan().Schedule).Peak() {
		return false
	}
	p, err := withRate(r, rate, max(now.Sub(r.T0), 0)+reach)
	if err != nil {
		return false
	}
	keepBelowCaps(&p, o.drivers()) // the search ends at a rate above the limits
	c.planSeq, c.searched = p.Seq, rate
	o.write(ctx, r, c, &node.Trigger{Action: node.Adjust, TestID: r.ID, Plan: &p, Reason: searchStep(c.search.Phase(), rate)})
	return true
}

// searchStep describes why a search changes the rate.
func searchStep(phase capacity.Phase, rps float64) string {
	rate := figures.Count(int64(rps+.5)) + "/s"
	if rps < 10 {
		rate = figures.ShortRate(rps)
	}
	switch phase {
	case capacity.Confirming:
		return "confirming " + rate
	case capacity.Draining:
		return "waiting at " + rate + " for the target to recover"
	case capacity.Overload:
		return "overloading the target on purpose: " + rate
	case capacity.Recovering:
		return "back to " + rate + ": does the target recover?"
	}
	return "next probe at " + rate
}
