package orchestrator

import (
	"context"
	"time"

	"landfall/node"
)

// A driver is concluded to be late or lost from its silence, which says something only while heartbeats can be written
// and read: the fleet's clock stands still when one of the two is in doubt. What is read shows the one; for the other, when
// nobody was heard for a moment, the orchestrator writes a record of its own where heartbeats go.
const (
	// sight is how long after the last proof the fleet's clock goes on. A driver that was heard within a second of that is
	// not late by then, so an outage of the broker makes nobody late or lost.
	sight = 1200 * time.Millisecond
	// idle is from how long a silence of the broker on it was out, whether or not it said so: longer than an idle fetch takes.
	idle = 3 * time.Second
	// stuck is from how long a time on in which nothing could be written drivers are given time to be heard again.
	stuck = 2 * time.Second
)

// doubt is when it was last certain that heartbeats arrive.
type doubt struct {
	read    time.Time // the heartbeat topic was read
	written time.Time // a heartbeat, or this process's own record, was written to it
	probing bool      // a record of its own is on the way
}

// certain is until when silence says something, as far as is known now.
func (d *doubt) certain(expected bool) time.Time {
	if expected && d.written.Before(d.read) {
		return d.written
	}
	return d.read
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
	if gap := now.Sub(o.doubt.read); !o.doubt.read.IsZero() && (gap > idle || troubled && gap > sight) {
		o.state.Reconnected(o.clock.Broker(now))
	}
	o.doubt.read = now
}

// arrives notes that something could be written to the heartbeat topic.
func (o *Orchestrator) arrives(now time.Time) {
	if !o.doubt.written.IsZero() && now.Sub(o.doubt.written) > stuck {
		o.state.Reconnected(o.clock.Broker(now))
	}
	o.doubt.written = now
}

// probe finds out whether heartbeats can be written when somebody should have been heard and nobody was.
func (o *Orchestrator) probe(ctx context.Context, now time.Time) {
	if o.doubt.probing || now.Sub(o.doubt.written) < sight {
		return
	}
	o.doubt.probing = true
	go func() {
		_, err := o.bus.Publish(ctx, node.TopicHeartbeat, "", nil)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.doubt.probing = false
		if err == nil {
			o.arrives(time.Now())
		}
	}()
}
