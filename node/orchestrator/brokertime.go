package orchestrator

import (
	"time"
)

const (
	// measureEvery is the interval of clock measurements; drift in between is known within a few
	// milliseconds.
	measureEvery = 30 * time.Second
	// doubtAfter is how soon the clock is measured again after a heartbeat's timestamp contradicts it.
	doubtAfter = time.Second
	// stampOff is the tolerated difference between a heartbeat's timestamp and its arrival.
	stampOff = 2 * time.Second
	// minStep is the smallest change that means that the broker's clock was set: measurements differ by less.
	minStep = 500 * time.Millisecond
)

// brokerTime extends node.Clock by what this orchestrator knows of the broker's clock: whether it was
// measured with records of its own, and whether later records contradict that. Other nodes' records only
// count before the first measurement.
type brokerTime struct {
	tried    time.Time // time of the last measurement or attempt
	doubted  bool
	measured bool
	offset   time.Duration // at the last check
	heard    time.Time     // before the first measurement: when a heartbeat last set the time
}

// due reports whether the clock must be measured.
func (b *brokerTime) due(now time.Time) bool {
	since := now.Sub(b.tried)
	return since >= measureEvery || b.doubted && since >= doubtAfter
}

// follow informs the fleet when the broker's clock was set, so that no driver is lost and no run ends because
// of it.
func (o *Orchestrator) follow() {
	offset, within, known := o.clock.Offset()
	if !known || within < 0 {
		return
	}
	b := &o.brokerTime
	if by := offset - b.offset; b.measured && by.Abs() > minStep {
		o.log.Warn("the broker's clock was set", "by", by.Round(time.Millisecond))
		o.state.Stepped(by)
	}
	b.offset, b.measured = offset, true
}

// heardAt returns when a heartbeat counts as received, by the broker's clock: when it arrived or, if it is
// older than this process, its timestamp. Once the clock is known, a timestamp alone proves nothing: the
// clock may have been set, or the timestamp be forged.
func (o *Orchestrator) heardAt(stamped, now time.Time) time.Time {
	o.follow()
	o.arrives(now)
	b := &o.brokerTime
	expected := o.clock.Broker(now)
	if !b.measured {
		if now.Sub(b.heard) >= time.Second || stamped.After(expected) {
			b.heard = now // in the initial backlog, each is closer to the present than the one before
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
