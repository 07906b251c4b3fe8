package fleet

import (
	"time"

	"landfall/loadgen"
)

// A driver that stands still (its machine sleeps, its process is stopped) finds all that became due meanwhile when it
// continues, and drops what has waited for too long. What others have sent since they took its share over was not dropped.

// relieve counts what a driver that was declared lost drops of others' share, which is taken out of a snapshot that is about to
// be counted, and out of the run's total that has counted it.
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

// dueOf is how many requests of a driver's shares become due before end.
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

// sentBefore is how many requests a driver has sent up to a moment, to the second.
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
