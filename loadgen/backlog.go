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
		b.list[n-1].Extend(s)
		return
	}
	b.list = append(b.list, s)
}
