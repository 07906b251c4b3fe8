package driver

import (
	"context"
	"sync"
	"time"

	"landfall/node"
)

// beat is what the next heartbeat will say. Run's goroutine and the engine's sink both write it.
type beat struct {
	mu   sync.Mutex
	h    node.Heartbeat
	self self
}

func (b *beat) update(f func(*node.Heartbeat)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.h)
}

// heartbeat is the next one to send.
func (d *Driver) heartbeat() *node.Heartbeat {
	offset, within, known := d.clock.Offset()
	if !known || within < 0 {
		within = -time.Microsecond
	}
	waiting, lost := d.outbox.length()
	d.beat.mu.Lock()
	defer d.beat.mu.Unlock()
	h := &d.beat.h
	h.NodeID, h.BootID = d.config.NodeID, d.bootID
	if h.State == "" {
		h.State = node.Idle
	}
	h.Seq++
	h.OffsetUS, h.WithinUS = offset.Microseconds(), within.Microseconds()
	h.OutboxLen, h.Lost = waiting, lost
	h.CPU, h.RSSBytes = d.beat.self.measure()
	sent := *h
	return &sent
}

// beats sends a heartbeat every second and at once on a change, each tried for no longer than until the next is due.
func (d *Driver) beats(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		try, cancel := context.WithTimeout(ctx, beatEvery)
		ack, err := node.Post(try, d.bus, d.heartbeat())
		cancel()
		if err == nil {
			d.clock.Answered(ack)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.poke:
		}
	}
}

// changed puts the driver's state into the heartbeat and sends it at once.
func (d *Driver) changed() {
	d.beat.update(func(h *node.Heartbeat) {
		h.State, h.TestID, h.PlanSeq = d.state()
		h.Note = d.note
		h.Answers = h.Answers[:0:0]
		for _, a := range d.armed {
			if a.preparing {
				continue
			}
			h.Answers = append(h.Answers, a.answer)
		}
	})
	select {
	case d.poke <- struct{}{}:
	default:
	}
}

func (d *Driver) state() (node.DriverState, string, int) {
	c := d.carry
	switch {
	case c != nil && c.engine == nil: // it only stays in case a lost driver's share comes to it
	case c != nil && c.drained:
		return node.Draining, c.testID, c.planSeq
	case c != nil && c.paused:
		return node.Paused, c.testID, c.planSeq
	case c != nil:
		return node.Running, c.testID, c.planSeq
	case d.draining:
		return node.Draining, "", 0
	}

	for id, a := range d.armed {
		if a.answer.Refuse == "" && !a.used && !a.preparing {
			return node.Armed, id, 0
		}
	}
	return node.Idle, "", 0
}

// registering repeats the registration until it was read back, and again when the topic has lost it.
func (d *Driver) registering(ctx context.Context) {
	const again, often = 5 * time.Second, 500 * time.Millisecond
	var last time.Time
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		confirmed := make(chan bool, 1)
		d.call(ctx, func() { confirmed <- d.confirmed })
		select {
		case <-ctx.Done():
			return
		case ok := <-confirmed:
			if !ok && time.Since(last) > again {
				last = time.Now()
				r := d.register
				_, _ = node.Post(ctx, d.bus, &r) // it only fails when ctx ends
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
