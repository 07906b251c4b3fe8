package engine

import (
	"slices"

	"landfall/loadgen"
)

// backlog queues snapshots for the sink, so that a slow sink never delays the load. When it is full, the two
// newest are merged.
type backlog struct {
	in   <-chan loadgen.Snapshot
	list []loadgen.Snapshot
}

const maxBacklog = 60 // one minute

// run passes the snapshots of in to the sink, in order, until in is closed and all are delivered.
func (b *backlog) run(sink func(loadgen.Snapshot)) {
	out := make(chan loadgen.Snapshot)
	go func() {
		defer close(out)
		b.pass(out)
	}()
	for s := range out {
		sink(s)
	}
}

func (b *backlog) pass(out chan<- loadgen.Snapshot) {
	for in := b.in; in != nil || len(b.list) > 0; {
		var ready chan<- loadgen.Snapshot
		var next loadgen.Snapshot
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

func (b *backlog) add(s loadgen.Snapshot) {
	if n := len(b.list); n >= maxBacklog {
		b.list[n-1].Extend(s)
		return
	}
	b.list = append(b.list, s)
}
