package driver

import (
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// assignment is the run in which the driver has a share.
type assignment struct {
	testID  string
	by      string
	config  *node.Config
	helm    node.Helm
	t0      time.Time // this process's clock
	planSeq int
	paused  bool
	drained bool // no more requests are issued, whatever plans follow

	engine engineState
	share  loadgen.Share // of the newest plan, within the owner's limits
	begun  int64         // by finished engines
	leaves time.Time     // when the driver leaves the run after finishing its share
}

// engineState is the state of an assignment's engine.
type engineState int

const (
	noEngine engineState = iota // its share is finished
	preparing
	running
)

// takeoverGrace is how long a driver stays with a run after finishing its share, in case it gets a lost
// driver's.
const takeoverGrace = 7 * time.Second

// ended reports whether the end of the share has passed.
func (a *assignment) ended(now time.Time) bool {
	return a.share.Until > 0 && now.Sub(a.t0) >= a.share.Until.Std()
}

// remaining returns the rest of the share, for an engine that starts now, after earlier engines of this run.
func (a *assignment) remaining() loadgen.Share {
	s := a.share
	if s.Quota > 0 {
		s.Quota = max(s.Quota-a.begun, 1)
	}
	return s
}

// done reports whether finished engines have used up the quota.
func (a *assignment) done() bool { return a.share.Quota > 0 && a.share.Quota <= a.begun }

// lateShare is the maximum age of a new share whose schedule is caught up with.
const lateShare = time.Second

// fromNow returns a share that starts now rather than in the past: requests due since then were issued under
// the previous share, or are lost. Catching up would be a burst.
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
