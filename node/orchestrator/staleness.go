package orchestrator

import (
	"context"
	"time"

	"landfall/node"
)

// A driver is concluded to be late or lost from its silence, which says something only while heartbeats can be written
// and read: the fleet's clock stands still when one of the two is in doubt. What is read shows the one; for the other, when
// no driver was heard for a moment, the orchestrator writes a record of its own where heartbeats go.
const (
	// proofTTL is how long after the last proof the fleet's clock continues. A driver that was heard within a second of that
	// is not late by then, so an outage of the broker makes no driver late or lost.
	proofTTL = 1200 * time.Millisecond
	// readOutage is how long a silence of the broker means an outage, reported or not: longer than an idle fetch takes.
	readOutage = 3 * time.Second
	// writeOutage is how long nothing could be written before drivers are given time to be heard again.
	writeOutage = 2 * time.Second
)

// evidence is when heartbeats were last known to arrive.
type evidence struct {
	read    time.Time // the heartbeat topic was read
	written time.Time // a heartbeat, or this process's own record, was written to it
	probing bool      // a record of its own is on the way
}

// provenUntil is until when silence says something, as far as is known now.
func (e *evidence) provenUntil(expected bool) time.Time {
	if expected && e.written.Before(e.read) {
		return e.written
	}
	return e.read
}

// heard notes that the heartbeat topic was read, or why not.
func (o *Orchestrator) heard(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	troubled := o.trouble != nil
	o.setTrouble(err)
	if err != nil {
		return
	}
	now := time.Now()
	if gap := now.Sub(o.evidence.read); !o.evidence.read.IsZero() && (gap > readOutage || troubled && gap > proofTTL) {
		o.state.Reconnected(o.clock.Broker(now))
	}
	o.evidence.read = now
}

// arrives notes that something could be written to the heartbeat topic.
func (o *Orchestrator) arrives(now time.Time) {
	if !o.evidence.written.IsZero() && now.Sub(o.evidence.written) > writeOutage {
		o.state.Reconnected(o.clock.Broker(now))
	}
	o.evidence.written = now
}

// probe finds out whether heartbeats can be written when some are overdue, and what time the broker has when that is in doubt.
func (o *Orchestrator) probe(ctx context.Context, now time.Time) {
	silent := o.state.Expecting() && now.Sub(o.evidence.written) >= proofTTL
	if o.evidence.probing || !silent && !o.brokerTime.due(now) {
		return
	}
	o.evidence.probing = true
	o.writes.Go(func() {
		o.measureClock(ctx)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.evidence.probing = false
	})
}

// measureClock writes a record of this orchestrator's own where heartbeats go.
func (o *Orchestrator) measureClock(ctx context.Context) {
	ack, err := o.bus.Publish(ctx, node.TopicHeartbeat, node.ProbeKey, nil)
	if err == nil {
		o.clock.Answered(ack)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	o.brokerTime.tried, o.brokerTime.doubted = now, false
	if err == nil {
		o.arrives(now)
	}
}
