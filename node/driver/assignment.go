package driver

import (
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// assignment is the run that the driver has a share of.
type assignment struct {
	testID  string
	by      string
	config  *node.Config
	helm    node.Helm
	t0      time.Time // this process's clock
	planSeq int
	paused  bool
	drained bool // nothing more is issued, whatever plans come

	engine engineState
	share  loadgen.Share // as the newest plan has it, within the owner's caps
	begun  int64         // by engines that have finished
	leaves time.Time     // once its share is done: when the driver leaves the run
}

// engineState is what an assignment's engine is doing.
type engineState int

const (
	noEngine engineState = iota // its share is done
	preparing
	running
)

// takeoverGrace is how long a driver whose share is done stays with the run, in case it gets a lost driver's share.
const takeoverGrace = 7 * time.Second

// ended tells whether the end of its share has passed.
func (a *assignment) ended(now time.Time) bool {
	return a.share.Until > 0 && now.Sub(a.t0) >= a.share.Until.Std()
}

// remaining is its share for an engine that counts from zero, or from where earlier engines of this run stopped.
func (a *assignment) remaining() loadgen.Share {
	s := a.share
	if s.Quota > 0 {
		s.Quota = max(s.Quota-a.begun, 1)
	}
	return s
}

// done tells whether its quota was used up by engines that have finished.
func (a *assignment) done() bool { return a.share.Quota > 0 && a.share.Quota <= a.begun }

// lateShare is how late a share may be taken over and still catch up with its schedule.
const lateShare = time.Second

// fromNow is a share that begins now rather than in the past: what was due since was issued under the share before, or
// is lost. Catching up would be a burst.
func fromNow(s loadgen.Share, elapsed time.Duration) loadgen.Share {
	passed := elapsed - s.From.Std()
	if passed <= lateShare {
		return s
	}
	if s.Schedule != nil {
		s.Schedule, s.Loads = loadgen.Schedule(s.Schedule).After(passed), s.Loads.After(passed)
	}
	s.From = loadgen.Duration(elapsed)
	return s
}
