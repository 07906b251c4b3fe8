package orchestrator

import (
	"time"
)

const (
	// measureEvery is how often the broker's clock is measured; its drift in between is known within a few milliseconds.
	measureEvery = 30 * time.Second
	// doubtAfter is how soon it is measured again when a heartbeat's stamp does not fit what is known of it.
	doubtAfter = time.Second
	// stampOff is by how much a heartbeat's stamp may differ from its arrival without doubt.
	stampOff = 2 * time.Second
	// stepLeast is from what change on the broker's clock was set: measurements differ by less.
	stepLeast = 500 * time.Millisecond
)

// brokerTime is what this orchestrator knows of the broker's clock beyond node.Clock: whether it was measured, by
// records of its own, and whether what is heard contradicts it. What others' records say is believed only before.
type brokerTime struct {
	tried    time.Time // when it was last measured, or that failed
	doubted  bool
	measured bool
	offset   time.Duration // when it was last looked at
	heard    time.Time     // before it was measured: when a heartbeat last told the time
}

// due tells whether the clock is to be measured.
func (b *brokerTime) due(now time.Time) bool {
	since := now.Sub(b.tried)
	return since >= measureEvery || b.doubted && since >= doubtAfter
}

// follow tells the fleet when the broker's clock was set, so that no driver is lost and no run ends because of it.
func (o *Orchestrator) follow() {
	offset, within, known := o.clock.Offset()
	if !known || within < 0 {
		return
	}
	b := &o.brokerTime
	if by := offset - b.offset; b.measured && by.Abs() > stepLeast {
		o.log.Warn("the broker's clock was set", "by", by.Round(time.Millisecond))
		o.state.Stepped(by)
	}
	b.offset, b.measured = offset, true
}

// heardAt is when a heartbeat counts as heard, by the broker's clock: when it arrived, or, of those that were on the topic
// before this process, when it was stamped. A stamp alone proves nothing once the clock is known: the clock may have been
// set, or the stamp be made up.
func (o *Orchestrator) heardAt(stamped, now time.Time) time.Time {
	o.follow()
	o.arrives(now)
	b := &o.brokerTime
	expected := o.clock.Broker(now)
	if !b.measured {
		if now.Sub(b.heard) >= time.Second || stamped.After(expected) {
			b.heard = now // those of the last seconds are read first: each is closer to the broker's time than the one before
			o.clock.Heard(stamped, now)
		}
		return stamped
	}
	live := false
	select {
	case <-o.ready:
		live = true
	default:
	}
	if off := stamped.Sub(expected).Abs(); live && off > stampOff {
		b.doubted = true
	}
	if live || stamped.After(expected) {
		return expected
	}
	return stamped
}
