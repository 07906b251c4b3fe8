package driver

import (
	"context"
	"sync"
	"time"

	"landfall/node"
)

const beatEvery = time.Second

// pulse is the content of the next heartbeat, written by Run's goroutine and by the engine's sink.
type pulse struct {
	mu   sync.Mutex
	h    node.Heartbeat
	self self
}

func (p *pulse) update(f func(*node.Heartbeat)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.h)
}

// heartbeat returns the next heartbeat.
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
	if d.config.KeyRing != nil {
		h.KeyRing = d.config.KeyRing()
	}
	h.CPU, h.RSSBytes = d.beat.self.measure()
	sent := *h
	return &sent
}

// setStatus updates the status in the heartbeat and sends it at once.
func (d *Driver) setStatus(s status) {
	d.beat.update(func(h *node.Heartbeat) {
		h.State, h.TestID, h.PlanSeq, h.Note, h.Answers = s.state, s.testID, s.planSeq, s.note, s.answers
	})
	select {
	case d.poke <- struct{}{}:
	default:
	}
}

// beats sends a heartbeat each second and at once after a change. Each is retried until the next is due.
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
		if ctx.Err() == nil {
			d.links.answered(node.TopicHeartbeat, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-d.poke:
		}
	}
}
