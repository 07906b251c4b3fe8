package fleet

import (
	"fmt"
	"time"

	"landfall/loadgen"
)

// Excess is how far a run exceeded its plans because a disconnected driver continued, until it reconnected or
// until its orphan timeout, while others had its share.
type Excess struct {
	From, Until       time.Duration // since T0, whole intervals
	PeakRPS, AskedRPS float64       // of the fleet, in the second with the largest excess
}

// minExcess is the ratio above which a second counts as exceeded: spacing moves some requests from one second
// to the next.
const minExcess = 1.05

// Excess returns how far a lost driver exceeded a tsunami's rate; false: not at all.
func (r *Run) Excess(c *Carrier) (x Excess, ok bool) {
	handed, ok := r.handedOver(c)
	if r.Spec.Kind != loadgen.Tsunami || len(r.Spec.Scenarios) > 0 || !ok || c.LastEnd <= handed {
		return x, false
	}
	x.From = (handed + time.Second - 1).Truncate(time.Second)
	for at := x.From; at < c.LastEnd && int(at/time.Second) < r.Intervals.Len(); at += time.Second {
		rate := float64(r.Intervals.Figures(int(at / time.Second)).Delta.Requests)
		asked := r.rateAt(at)
		if rate <= asked*minExcess {
			continue
		}
		x.Until = at + time.Second
		if rate-asked > x.PeakRPS-x.AskedRPS {
			x.PeakRPS, x.AskedRPS = rate, asked
		}
	}
	return x, x.Until > 0
}

// handedOver returns when a lost driver's share was reassigned.
func (r *Run) handedOver(c *Carrier) (time.Duration, bool) {
	if c.LostAt == 0 {
		return 0, false
	}
	for i := range r.Plans {
		from := time.Duration(r.Plans[i].FromUS) * time.Microsecond
		if from >= c.HeardAt && r.Plans[i].Of(c.NodeID) == nil {
			return from, true
		}
	}
	return 0, false
}

// rateAt returns the mean rate of the plans in the second that starts at at.
func (r *Run) rateAt(at time.Duration) float64 {
	p := r.planAt(at)
	if p == nil {
		return 0
	}
	since := at - time.Duration(p.FromUS)*time.Microsecond
	s := loadgen.Schedule(p.Schedule)
	return float64(s.Count(since+time.Second) - s.Count(since))
}

func (x Excess) String() string {
	return fmt.Sprintf("from second %.0f to %.0f up to %.0f requests/s of %.0f asked", x.From.Seconds(), x.Until.Seconds(), x.PeakRPS, x.AskedRPS)
}

// reportExcess reports once how far a returned driver exceeded the rate while it was disconnected.
func (s *State) reportExcess(r *Run, c *Carrier) {
	if c.LostAt == 0 || c.excessReported || !c.Final {
		return
	}
	if x, ok := r.Excess(c); ok {
		c.excessReported = true
		s.addEvent(r, Event{Kind: EventNote, NodeID: c.NodeID, Text: fmt.Sprintf("%s continued while it was disconnected: %s", c.NodeID, x)})
	}
}
