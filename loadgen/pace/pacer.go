package engine

import (
	"math"
	"math/rand/v2"
	"time"

	"landfall/loadgen"
)

// never is a time that is never reached.
const never = int64(math.MaxInt64)

// pacer computes when one loop's next request is due. It is a pure function of the share, the loop's position
// among the driver's loops and the number of requests issued; all times are nanoseconds since T0.
type pacer struct {
	share    loadgen.Share
	schedule loadgen.Schedule
	idle     bool       // the loop has no connections, so it has no requests
	closed   bool       // closed loop: a request is due whenever a connection is free
	poisson  *rand.Rand // nil: evenly spaced
	index    float64    // number of the loop's first request in the fleet's schedule
	step     float64    // difference to the number of its next request
	k        int64      // number of requests issued
	sum      float64    // poisson: position of the next request in the fleet's schedule
	next     int64
	end      int64    // nothing is due from here on
	parts    []*pacer // by scenario, if scenarios have their own loads; nil for one with concurrent users
	part     int      // index of the part with the next request
}

// newPacer returns the pacer of loop number loop of loops.
func newPacer(spec loadgen.Spec, share loadgen.Share, loop, loops int) *pacer {
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
func newPart(spec loadgen.Spec, share loadgen.Share, loop, loops, number int) *pacer {
	of, active := max(share.Of, 1), min(loops, max(share.Connections, 1)) // loops with a connection
	p := &pacer{
		share: share, schedule: share.Schedule, closed: spec.Kind == loadgen.Avalanche, end: never,
		index: float64((share.Index + of*loop + number) % (of * active)), step: float64(of * active),
		idle: loop >= active,
	}
	if share.Until > 0 {
		p.end = int64(share.Until)
	}
	if spec.Arrivals == "poisson" {
		p.poisson = rand.New(rand.NewPCG(spec.Seed+uint64(number)*0x9e3779b97f4a7c15, uint64(share.Index)<<32|uint64(loop)<<16|uint64(share.Seq)))
		p.sum = p.poisson.ExpFloat64() * p.step
	}
	p.next = p.due()
	return p
}

// due returns when the loop's request k of this share is due; never: there is none.
func (p *pacer) due() int64 {
	from := int64(p.share.From)
	switch {
	case p.idle || p.share.Connections == 0:
		return never
	case p.closed:
		return from
	case p.parts != nil:
		return p.earliest()
	}
	at := p.sum
	if p.poisson == nil {
		at = p.index + float64(float64(p.k)*p.step)
	}
	d, ok := p.schedule.Due(at)
	if !ok || int64(d) >= never-from {
		return never
	}
	return from + int64(d)
}

// earliest returns when the next request of any part is due.
func (p *pacer) earliest() int64 {
	at := never
	for i, part := range p.parts {
		if part != nil && part.next < at {
			p.part, at = i, part.next
		}
	}
	return at
}

// at returns when the next request is due if none is issued before now; never: there is none under this
// share.
func (p *pacer) at(now int64) int64 {
	due := p.next
	if p.closed && due < now {
		due = now
	}
	if due >= p.end {
		return never
	}
	return due
}

// gave counts one request as issued.
func (p *pacer) gave() {
	p.k++
	if p.parts != nil && !p.closed {
		p.parts[p.part].gave()
	} else if p.poisson != nil {
		p.sum += p.poisson.ExpFloat64() * p.step
	}
	if !p.closed {
		p.next = p.due()
	}
}

// skip counts n evenly spaced requests as issued.
func (p *pacer) skip(n int64) {
	p.k += n
	p.next = p.due()
}

// dueUntil returns how many requests, issued or not, are due before t. Requests of a Poisson process are only known once they are
// issued.
func (p *pacer) dueUntil(t int64) (n int64) {
	switch {
	case p.closed || p.idle:
		return p.k
	case p.parts != nil:
		for _, part := range p.parts {
			if part != nil {
				n += part.dueUntil(t)
			}
		}
		return n
	case p.poisson != nil:
		return p.k
	}
	return max(loadgen.PartOf(p.schedule.Count(time.Duration(t-int64(p.share.From))), int64(p.index), int64(p.step)), p.k)
}

// over reports whether nothing more can become due.
func (p *pacer) over(now int64) bool {
	if p.idle {
		return true
	}
	if p.end != never && now >= p.end {
		return p.closed || p.next >= p.end
	}
	if p.closed || p.share.Connections == 0 || p.share.Loads.Hold() {
		return false
	}
	return p.next == never && !endless(p.schedule)
}

// endless reports whether a schedule never ends, even at rate 0.
func endless(s loadgen.Schedule) bool { return len(s) > 0 && s[len(s)-1].Duration <= 0 }
