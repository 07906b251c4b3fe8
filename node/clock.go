package node

import (
	"sync"
	"time"
)

// Clock estimates the offset between the broker's clock and this process's, without trusting either.
//
// A record's append stamp was made between sending the record and receiving the acknowledgement, so each acknowledgement bounds
// the offset from both sides; a received record bounds it from below. The bounds of recent acknowledgements intersect, which
// is far narrower than any single one and, unlike an average, is not biased by slow replication.
type Clock struct {
	mu     sync.Mutex
	anchor time.Time // readings are relative to it, on the monotonic clock: wall clock steps have no effect
	bounds []bound   // newest last
}

type bound struct {
	at        time.Duration // since anchor, when it was measured
	low, high time.Duration // of broker's clock − (anchor + monotonic time since)
}

const (
	boundsKept = 64
	// stampWidth is the resolution of append stamps, which are rounded down to whole milliseconds.
	stampWidth = time.Millisecond
	// driftPPM widens old bounds: quartz clocks drift apart by fewer microseconds per second than this.
	driftPPM = 50
	unbound  = time.Duration(1 << 62)
)

// NewClock returns a clock without any bounds.
func NewClock() *Clock { return &Clock{anchor: time.Now()} }

// Answered updates the bounds from the acknowledgement of a publish.
func (c *Clock) Answered(a Ack) {
	if a.Appended.IsZero() || a.Answered.Before(a.Sent) {
		return
	}
	stamp := a.Appended.Sub(c.anchor.Round(0))
	c.learn(bound{at: a.Answered.Sub(c.anchor), low: stamp - a.Answered.Sub(c.anchor), high: stamp + stampWidth - a.Sent.Sub(c.anchor)})
}

// Heard updates the lower bound from a record received at a time of this process's clock.
func (c *Clock) Heard(appended, received time.Time) {
	at := received.Sub(c.anchor)
	c.learn(bound{at: at, low: appended.Sub(c.anchor.Round(0)) - at, high: unbound})
}

func (c *Clock) learn(b bound) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bounds = append(c.bounds, b)
	if len(c.bounds) > boundsKept {
		c.bounds = append(c.bounds[:0], c.bounds[1:]...)
	}
}

// Offset returns the broker's clock minus this process's, and half the width of its bounds; within is negative while only
// one bound is known. false: nothing is known.
func (c *Clock) Offset() (offset, within time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	low, high, ok := intersect(c.bounds)
	switch {
	case !ok:
		return 0, -1, false
	case high >= unbound/2:
		return low, -1, true
	}
	return (low + high) / 2, (high - low) / 2, true
}

// intersect combines bounds from the newest to older ones, as long as they agree: those from before a clock step do not.
func intersect(bounds []bound) (low, high time.Duration, ok bool) {
	if len(bounds) == 0 {
		return 0, 0, false
	}
	newest := bounds[len(bounds)-1].at
	low, high = -unbound, unbound
	for i := len(bounds) - 1; i >= 0; i-- {
		b := bounds[i]
		drift := (newest - b.at) * driftPPM / 1e6
		l, h := max(low, b.low-drift), min(high, b.high+drift)
		if l > h {
			break
		}
		low, high = l, h
	}
	return low, high, true
}

// Broker converts a time of this process's clock to the broker's clock.
func (c *Clock) Broker(local time.Time) time.Time {
	offset, _, _ := c.Offset()
	return c.anchor.Round(0).Add(local.Sub(c.anchor) + offset)
}

// Local converts a time t of the broker's clock to this process's clock.
func (c *Clock) Local(t time.Time) time.Time {
	offset, _, _ := c.Offset()
	return c.anchor.Add(t.Sub(c.anchor.Round(0)) - offset)
}
