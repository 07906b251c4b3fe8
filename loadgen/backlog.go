package loadgen

import "slices"

// backlog holds the snapshots that a sink has not taken yet, so that a slow one never holds up the load. What it takes
// is bounded: beyond so many, the newest two become one.
type backlog struct {
	in   <-chan Snapshot
	list []Snapshot
}

const backlogged = 60 // a minute

// run hands the snapshots of in to the sink, in order, until in is closed and all are taken.
func (b *backlog) run(sink func(Snapshot)) {
	out := make(chan Snapshot)
	go func() {
		defer close(out)
		b.pass(out)
	}()
	for s := range out {
		sink(s)
	}
}

func (b *backlog) pass(out chan<- Snapshot) {
	for in := b.in; in != nil || len(b.list) > 0; {
		var ready chan<- Snapshot
		var next Snapshot
		if len(b.list) > 0 {
			ready, next = out, b.list[0]
		}
		select {
		case s, ok := <-in:
			if !ok {
				in = nil
				continue
			}
			b.add(s)
		case ready <- next:
			b.list = slices.Delete(b.list, 0, 1)
		}
	}
}

func (b *backlog) add(s Snapshot) {
	if n := len(b.list); n >= backlogged {
		b.list[n-1].extend(s)
		return
	}
	b.list = append(b.list, s)
}

// extend makes s cover the time of next too, which follows it.
func (s *Snapshot) extend(next Snapshot) {
	before := *s
	*s = next
	s.Classes = mergedClasses(before.ByClass(), next.ByClass())
	s.Delta = Counts{}
	s.Delta.Add(before.Delta)
	s.Delta.Add(next.Delta)
	s.Asked += before.Asked
	s.Times = before.plus(next.Times)
	s.Lag = into(into(nil, before.Lag), next.Lag)
	s.Handshake = into(into(nil, before.Handshake), next.Handshake)
	s.Named = mergedNamed(before.Named, next.Named)
	g := &s.Generator
	g.CPUUS += before.Generator.CPUUS
	g.GCUS += before.Generator.GCUS
	g.Failures = append(slices.Clone(before.Generator.Failures), g.Failures...)
	g.Limited = g.Limited || before.Generator.Limited
	for _, why := range before.Generator.Reasons {
		if !slices.Contains(g.Reasons, why) {
			g.Reasons = append(g.Reasons, why)
		}
	}
}

func mergedNamed(a, b []Named) []Named {
	sum := slices.Clone(a)
	for _, n := range b {
		i := slices.IndexFunc(sum, func(have Named) bool { return have.Name == n.Name })
		if i < 0 {
			sum = append(sum, n)
			continue
		}
		s := &sum[i]
		s.Requests, s.Errors, s.Unexpected = s.Requests+n.Requests, s.Errors+n.Errors, s.Unexpected+n.Unexpected
		s.Times = s.plus(n.Times)
	}
	return sum
}
