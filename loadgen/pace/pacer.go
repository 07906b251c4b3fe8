// Package pace computes when requests are due, and how many may be sent: the [Pacer] of one loop follows its part of a schedule, the
// [Budget] divides a quota among the loops of a driver, and the [Throttle] enforces the rate that the driver's owner allows. None reads a
// clock or knows of connections.
package pace

import (
	"math"
	"math/rand/v2"
	"time"

	"landfall/loadgen"
)

// Never is a time that is never reached.
const Never = int64(math.MaxInt64)

// Pacer computes when one loop's next request is due. It is a pure function of the share, the loop's position
// among the driver's loops and the number of requests issued; all times are nanoseconds since T0.
type Pacer struct {
	Share  loadgen.Share
	Closed bool  // closed loop: a request is due whenever a connection is free
	Idle   bool  // the loop has no connections, so it has no requests
	Issued int64 // number of requests issued
	End    int64 // nothing is due from here on
	Part   int   // index of the part with the next request, if scenarios have their own loads

	schedule loadgen.Schedule
	poisson  *rand.Rand // nil: evenly spaced
	index    float64    // number of the loop's first request in the fleet's schedule
	step     float64    // difference to the number of its next request
	sum      float64    // poisson: position of the next request in the fleet's schedule
	next     int64
	parts    []*Pacer // by scenario, if scenarios have their own loads; nil for one with concurrent users
}

// New returns the pacer of loop number loop of loops.
func New(spec loadgen.Spec, share loadgen.Share, loop, loops int) *Pacer {
	p := newPart(spec, share, loop, loops, 0)
	for i, load := range share.Loads {
		if load.Held {
			p.parts = append(p.parts, nil)
			continue
		}
		one := share
		one.Schedule, one.Loads = load.Schedule, nil
		p.parts = append(p.parts, newPart(spec, one, loop, loops, i))
	}
	p.next = p.due()
	return p
}

// newPart returns the pacer of a loop's part of one schedule. The first requests of several schedules go to different loops.
func newPart(spec loadgen.Spec, share loadgen.Share, loop, loops, number int) *Pacer {
	of, active := max(share.Of, 1), min(loops, max(share.Connections, 1)) // loops with a connection
	p := &Pacer{
		Share: share, schedule: share.Schedule, Closed: spec.Kind == loadgen.Avalanche, End: Never,
		index: float64((share.Index + of*loop + number) % (of * active)), step: float64(of * active),
		Idle: loop >= active,
	}
	if share.Until > 0 {
		p.End = int64(share.Until)
	}
	if spec.Arrivals == "poisson" {
		p.poisson = rand.New(rand.NewPCG(spec.Seed+uint64(number)*0x9e3779b97f4a7c15, uint64(share.Index)<<32|uint64(loop)<<16|uint64(share.Seq)))
		p.sum = p.poisson.ExpFloat64() * p.step
	}
	p.next = p.due()
	return p
}

// due returns when the loop's request k of this share is due; Never: there is none.
func (p *Pacer) due() int64 {
	from := int64(p.Share.From)
	switch {
	case p.Idle || p.Share.Connections == 0:
		return Never
	case p.Closed:
		return from
	case p.parts != nil:
		return p.earliest()
	}
	at := p.sum
	if p.poisson == nil {
		at = p.index + float64(float64(p.Issued)*p.step)
	}
	d, ok := p.schedule.Due(at)
	if !ok || int64(d) >= Never-from {
		return Never
	}
	return from + int64(d)
}

// earliest returns when the next request of any part is due.
func (p *Pacer) earliest() int64 {
	at := Never
	for i, part := range p.parts {
		if part != nil && part.next < at {
			p.Part, at = i, part.next
		}
	}
	return at
}

// At returns when the next request is due if none is issued before now; Never: there is none under this
// share.
func (p *Pacer) At(now int64) int64 {
	due := p.next
	if p.Closed && due < now {
		due = now
	}
	if due >= p.End {
		return Never
	}
	return due
}

// Issue counts one request as issued.
func (p *Pacer) Issue() {
	p.Issued++
	if p.parts != nil && !p.Closed {
		p.parts[p.Part].Issue()
	} else if p.poisson != nil {
		p.sum += p.poisson.ExpFloat64() * p.step
	}
	if !p.Closed {
		p.next = p.due()
	}
}

// Skip counts n evenly spaced requests as issued.
func (p *Pacer) Skip(n int64) {
	p.Issued += n
	p.next = p.due()
}

// Even reports whether requests are evenly spaced and of one schedule, so that several can be skipped at once.
func (p *Pacer) Even() bool { return p.poisson == nil && p.parts == nil }

// Parted reports whether scenarios have their own loads.
func (p *Pacer) Parted() bool { return p.parts != nil }

// DueUntil returns how many requests, issued or not, are due before t. Requests of a Poisson process are only known once they are
// issued.
func (p *Pacer) DueUntil(t int64) (n int64) {
	switch {
	case p.Closed || p.Idle:
		return p.Issued
	case p.parts != nil:
		for _, part := range p.parts {
			if part != nil {
				n += part.DueUntil(t)
			}
		}
		return n
	case p.poisson != nil:
		return p.Issued
	}
	return max(loadgen.PartOf(p.schedule.Count(time.Duration(t-int64(p.Share.From))), int64(p.index), int64(p.step)), p.Issued)
}

// Over reports whether nothing more can become due.
func (p *Pacer) Over(now int64) bool {
	if p.Idle {
		return true
	}
	if p.End != Never && now >= p.End {
		return p.Closed || p.next >= p.End
	}
	if p.Closed || p.Share.Connections == 0 || p.Share.Loads.Hold() {
		return false
	}
	return p.next == Never && !endless(p.schedule)
}

// endless reports whether a schedule never ends, even at rate 0.
func endless(s loadgen.Schedule) bool { return len(s) > 0 && s[len(s)-1].Duration <= 0 }
