package fleet

import (
	"time"

	"landfall/loadgen"
)

// A driver that was suspended (its machine sleeps, its process is stopped) finds all requests that became due
// meanwhile, and drops those that waited too long. Requests that others sent after they took over its share
// were not dropped.

// relieve subtracts requests that others have sent from what a lost driver reports as dropped, in a snapshot
// about to be counted and in the run's total.
func (r *Run) relieve(c *Carrier, snap *loadgen.Snapshot) {
	handed, ok := r.handedOver(c)
	if !ok || r.Spec.Kind != loadgen.Tsunami || len(r.Spec.Scenarios) > 0 {
		return
	}
	own := max(r.dueOf(c.NodeID, handed)-c.sentBefore(handed, snap), 0)
	more := max(c.Total.Dropped-own-c.Relieved, 0)
	more = min(more, snap.Delta.Dropped)
	c.Relieved += more
	snap.Delta.Dropped -= more
	r.Total.Dropped -= more
}

// dueOf returns how many requests of a driver's shares become due before end.
func (r *Run) dueOf(nodeID string, end time.Duration) (n int64) {
	for i := range r.Plans {
		p := &r.Plans[i]
		until := end
		if i+1 < len(r.Plans) {
			until = min(until, time.Duration(r.Plans[i+1].FromUS)*time.Microsecond)
		}
		if p.UntilUS > 0 {
			until = min(until, time.Duration(p.UntilUS)*time.Microsecond)
		}
		if from := time.Duration(p.FromUS) * time.Microsecond; from < until {
			n += p.Due(nodeID, until-from)
		}
	}
	return n
}

// sentBefore returns how many requests a driver has sent until end, to the second.
func (c *Carrier) sentBefore(end time.Duration, newest *loadgen.Snapshot) int64 {
	n := c.Total.Requests
	if time.Duration(newest.Interval)*time.Second >= end {
		n -= newest.Delta.Requests
	}
	for i, p := range c.Points {
		if time.Duration(c.FirstPoint+i)*time.Second >= end {
			n -= int64(p.Requests)
		}
	}
	return n
}
