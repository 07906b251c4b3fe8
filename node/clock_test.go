package node

import (
	"math/rand/v2"
	"testing"
	"time"
)

// world has a broker whose clock is ahead of this process's by offset, and acknowledges publishes as a real
// broker does.
type world struct {
	offset time.Duration
	now    time.Time
}

// answer publishes a record: the broker stamps it after there, and the acknowledgement arrives after another
// back.
func (w *world) answer(there, back time.Duration) Ack {
	sent := w.now
	stamped := sent.Add(there + w.offset).Truncate(time.Millisecond)
	w.now = w.now.Add(there + back)
	return Ack{Sent: sent, Answered: w.now, Appended: stamped}
}

func TestClockBoundsHoldTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, offset := range []time.Duration{0, 3 * time.Second, -90 * time.Minute, 1234567 * time.Nanosecond} {
		c := NewClock()
		w := &world{offset: offset, now: time.Now()}
		for range 200 {
			// Replication delays acknowledgements: the midpoint of sending and receiving would be off by half
			// of that.
			c.Answered(w.answer(time.Duration(r.IntN(400))*time.Microsecond, time.Duration(r.IntN(20))*time.Millisecond))
			w.now = w.now.Add(time.Second)
			got, within, ok := c.Offset()
			if !ok || (got-offset).Abs() > within+time.Microsecond {
				t.Fatalf("offset %v: got %v ± %v", offset, got, within)
			}
		}
		if _, within, _ := c.Offset(); within > 2*time.Millisecond {
			t.Errorf("offset %v: after 200 answers known only within %v", offset, within)
		}
	}
}

func TestClockFollowsAStep(t *testing.T) {
	c := NewClock()
	w := &world{offset: time.Second, now: time.Now()}
	for range 30 {
		c.Answered(w.answer(time.Millisecond, time.Millisecond))
		w.now = w.now.Add(time.Second)
	}
	w.offset = -5 * time.Second
	c.Answered(w.answer(time.Millisecond, time.Millisecond))
	if got, within, _ := c.Offset(); (got - w.offset).Abs() > within {
		t.Errorf("after a step to %v: got %v ± %v", w.offset, got, within)
	}
}

func TestClockHearsOnly(t *testing.T) {
	c := NewClock()
	now := time.Now()
	for i := range 10 {
		delay := time.Duration(10-i) * time.Millisecond
		c.Heard(now.Add(time.Minute), now.Add(delay))
	}
	got, within, ok := c.Offset()
	if want := time.Minute - time.Millisecond; !ok || within >= 0 || (got-want).Abs() > 10*time.Microsecond {
		t.Errorf("got %v ± %v, want %v from one side", got, within, want)
	}
}

func TestClockThereAndBack(t *testing.T) {
	c := NewClock()
	w := &world{offset: 42 * time.Minute, now: time.Now()}
	c.Answered(w.answer(0, 0))
	now := time.Now()
	if back := c.Local(c.Broker(now)); (back.Sub(now)).Abs() > time.Microsecond {
		t.Errorf("Local(Broker(now)) is off by %v", back.Sub(now))
	}
}
