package node

import (
	"sync"
	"time"
)

// Clock knows how far the broker's clock is from this process's, without trusting either to be right.
//
// A record's append stamp was made between the moment it was sent and the moment it was answered, so each answer bounds
// the offset from both sides; a record that arrives bounds it from below. The bounds of the last answers intersect, which
// is far narrower than any one of them, and unlike an average it is not shifted by slow replication.
type Clock struct {
	mu     sync.Mutex
	anchor time.Time // readings are taken relative to it, by the monotonic clock: a stepped wall clock changes nothing
	bounds []bound   // newest last
}

type bound struct {
	at        time.Duration // since anchor, when it was learned
	low, high time.Duration // of broker's clock − (anchor + monotonic time since)
}

const (
	boundsKept = 64
	// stampWidth: append stamps are whole milliseconds, rounded down.
	stampWidth = time.Millisecond
	// driftPPM widens old bounds: quartz clocks drift apart by less than this many microseconds a second.
	driftPPM = 50
	unbound  = time.Duration(1 << 62)
)

// NewClock knows nothing yet.
func NewClock() *Clock { return &Clock{anchor: time.Now()} }

// Answered learns from the answer to a publish.
func (c *Clock) Answered(a Ack) {
	if a.Appended.IsZero() || a.Answered.Before(a.Sent) {
		return
	}
	stamp := a.Appended.Sub(c.anchor.Round(0))
	c.learn(bound{at: a.Answered.Sub(c.anchor), low: stamp - a.Answered.Sub(c.anchor), high: stamp + stampWidth - a.Sent.Sub(c.anchor)})
}

// Heard learns from a record that arrived at a moment of this process's clock.
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

// Offset is the broker's clock minus this process's, and half the width of what it may be; within is negative while only
// one side is known. false: nothing is known.
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

// intersect goes from the newest bound to older ones, as far as they agree: those before a step of either clock do not.
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

// Broker is the broker's clock at a moment of this process's clock.
func (c *Clock) Broker(local time.Time) time.Time {
	offset, _, _ := c.Offset()
	return c.anchor.Round(0).Add(local.Sub(c.anchor) + offset)
}

// Local is the moment of this process's clock at which the broker's shows t.
func (c *Clock) Local(t time.Time) time.Time {
	offset, _, _ := c.Offset()
	return c.anchor.Add(t.Sub(c.anchor.Round(0)) - offset)
}
