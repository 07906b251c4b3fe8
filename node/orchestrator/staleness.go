package orchestrator

import (
	"context"
	"time"

	"landfall/node"
)

// A silent driver is declared late or lost, but silence means something only while heartbeats can be written
// and read: otherwise the fleet's clock stops. Reading is proven by records that arrive; when no heartbeat
// has arrived for a moment, the orchestrator probes writing with a record of its own.
const (
	// proofTTL is how long the fleet's clock continues after the last proof. A driver whose heartbeat arrived
	// within a second of that is not late by then, so an outage of the broker makes no driver late or lost.
	proofTTL = 1200 * time.Millisecond
	// readOutage is how long the broker must be silent for an outage, reported or not: longer than an idle
	// fetch takes.
	readOutage = 3 * time.Second
	// writeOutage is the length of a write outage after which drivers get time to be heard again.
	writeOutage = 2 * time.Second
)

// evidence records when heartbeats were last known to arrive.
type evidence struct {
	read    time.Time // the heartbeat topic was read
	written time.Time // a heartbeat, or this process's own record, was written to it
	probing bool      // a probe is being written
}

// provenUntil returns until when silence of drivers is meaningful.
func (e *evidence) provenUntil(expected bool) time.Time {
	if expected && e.written.Before(e.read) {
		return e.written
	}
	return e.read
}

// heard records that the heartbeat topic was read, or why not.
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

// arrives records that the heartbeat topic was written.
func (o *Orchestrator) arrives(now time.Time) {
	if !o.evidence.written.IsZero() && now.Sub(o.evidence.written) > writeOutage {
		o.state.Reconnected(o.clock.Broker(now))
	}
	o.evidence.written = now
}

// probe checks whether heartbeats can be written if some are overdue, and measures the broker's clock if it
// is in doubt.
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

// measureClock writes a probe to the heartbeat topic.
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
