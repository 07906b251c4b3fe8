package engine

import (
	"math"
	"math/rand/v2"

	"landfall/loadgen"
)

// never is a moment that does not come.
const never = int64(math.MaxInt64)

// pacer tells one loop when its next request is due. It is a pure function of the share, the loop's place among the
// driver's loops and how many requests it has given out; all times are nanoseconds since T0.
type pacer struct {
	share    loadgen.Share
	schedule loadgen.Schedule
	idle     bool       // the loop has no connections, so nothing is due from it
	closed   bool       // closed loop: a request is due whenever there is room for one
	poisson  *rand.Rand // nil: evenly spaced
	index    float64    // of the loop's first request in the fleet's schedule
	step     float64    // from one of its requests to the next
	k        int64      // requests given out
	sum      float64    // poisson: where the next one is in the fleet's schedule
	next     int64
	end      int64 // nothing is due from here on
}

// newPacer paces loop number loop of loops.
func newPacer(spec loadgen.Spec, share loadgen.Share, loop, loops int) *pacer {
	of, active := max(share.Of, 1), min(loops, max(share.Connections, 1)) // loops with a connection
	p := &pacer{
		share: share, schedule: share.Schedule, closed: spec.Kind == loadgen.Avalanche, end: never,
		index: float64(share.Index + of*loop), step: float64(of * active),
		idle: loop >= active,
	}
	if share.Until > 0 {
		p.end = int64(share.Until)
	}
	if spec.Arrivals == "poisson" {
		p.poisson = rand.New(rand.NewPCG(spec.Seed, uint64(share.Index)<<32|uint64(loop)<<16|uint64(share.Seq)))
		p.sum = p.poisson.ExpFloat64() * p.step
	}
	p.next = p.due()
	return p
}

// due is when the loop's request k of this share is due; never: it has none.
func (p *pacer) due() int64 {
	from := int64(p.share.From)
	switch {
	case p.idle || p.share.Connections == 0:
		return never
	case p.closed:
		return from
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

// at is when the next request is due if none is given out before now; never: there is none, or not before another share.
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

// gave counts one request as given out.
func (p *pacer) gave() {
	p.k++
	if p.poisson != nil {
		p.sum += p.poisson.ExpFloat64() * p.step
	}
	if !p.closed {
		p.next = p.due()
	}
}

// skip counts n evenly spaced requests as given out.
func (p *pacer) skip(n int64) {
	p.k += n
	p.next = p.due()
}

// over tells whether nothing can become due any more.
func (p *pacer) over(now int64) bool {
	if p.idle {
		return true
	}
	if p.end != never && now >= p.end {
		return p.closed || p.next >= p.end
	}
	if p.closed || p.share.Connections == 0 {
		return false
	}
	return p.next == never && !endless(p.schedule)
}

// endless tells whether a schedule never ends, though it may be at rate 0.
func endless(s loadgen.Schedule) bool { return len(s) > 0 && s[len(s)-1].Duration <= 0 }
