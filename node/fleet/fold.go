package fleet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

const (
	eventsKept = 1000
	runsKept   = 500
	idsKept    = 4096
)

// State is everything that the topics tell. It is not safe for concurrent use.
type State struct {
	now     time.Time // broker's clock, as last told
	began   time.Time // when time was first told
	behind  bool      // records of the past are still being read
	since   time.Time // heartbeats before it may have been missed: the broker could not be read
	drivers map[string]*Driver
	runs    map[string]*Run
	order   []string // of runs, oldest first
	events  []Event
	ids     []string               // of the last trigger records, oldest first: a retried one is read twice
	prints  map[string]fingerprint // by id
	pending pending                // snapshots of runs whose start has not been read yet: topics are read side by side
}

// New is a fleet of which nothing is known.
func New() *State {
	return &State{drivers: map[string]*Driver{}, runs: map[string]*Run{}, prints: map[string]fingerprint{}}
}

// Apply folds one decoded message that was appended at some time. Heartbeats that were read as they arrived have the time of
// their arrival: the broker's clock may be set back. An error says why the message was ignored.
func (s *State) Apply(m node.Message, at time.Time) error {
	switch m := m.(type) {
	case *node.Register:
		s.register(m, at)
	case *node.Heartbeat:
		if at.After(s.now) {
			s.now = at
		}
		s.heartbeat(m, at)
	case *node.Config:
		s.config(m, at)
	case *node.Trigger:
		return s.trigger(m, at)
	case *node.Metrics:
		return s.metrics(m, at)
	case *node.Result:
		s.result(m, at)
	}
	return nil
}

// Stepped tells that the broker's clock was set, by so much: what was read from it before is brought to what it shows now,
// so that no time has passed because of that.
func (s *State) Stepped(by time.Duration) {
	move := func(times ...*time.Time) {
		for _, t := range times {
			if !t.IsZero() {
				*t = t.Add(by)
			}
		}
	}
	move(&s.now, &s.began, &s.since)
	for _, d := range s.drivers {
		move(&d.SeenAt, &d.killed.at)
		if d.rival != nil {
			move(&d.rival.seen, &d.rival.since)
		}
	}
	for _, r := range s.runs {
		if r.Active() || r.Phase == Configured {
			move(&r.ConfigAt, &r.T0, &r.EndedAt, &r.overAt)
		}
	}
}

// Tick tells what time it is by the broker's clock, as far as heartbeats are known to arrive: drivers become late and lost,
// figures are brought up to date.
func (s *State) Tick(now time.Time) {
	if now.After(s.now) {
		s.now = now
	}
	if s.began.IsZero() {
		s.began = s.now
	}
	s.watch(now)
	s.forgetDrivers()
	for _, id := range s.order {
		r := s.runs[id]
		r.compute()
		s.watchTarget(r)
		s.settle(r)
		s.confirm(r)
	}
}

// Behind tells that records of the past are still being read, until CaughtUp: what a driver said of a run may be among them,
// so none is concluded to have forgotten it.
func (s *State) Behind() { s.behind = true }

// CaughtUp tells that everything that was on the topics has been folded.
func (s *State) CaughtUp() { s.behind = false }

// Reconnected tells that the broker could not be read for a while until now: no driver is late because of that.
func (s *State) Reconnected(now time.Time) { s.since = now }

// Now is the broker's clock as the state was last told.
func (s *State) Now() time.Time { return s.now }

// Drivers are all drivers that the heartbeat topic has shown, by id.
func (s *State) Drivers() []*Driver {
	list := make([]*Driver, 0, len(s.drivers))
	for _, d := range s.drivers {
		if !d.SeenAt.IsZero() {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Driver) int { return strings.Compare(a.NodeID, b.NodeID) })
	return list
}

// Driver is one driver; nil: not known.
func (s *State) Driver(id string) *Driver { return s.drivers[id] }

// Runs are the newest runs, oldest first.
func (s *State) Runs() []*Run {
	list := make([]*Run, len(s.order))
	for i, id := range s.order {
		list[i] = s.runs[id]
	}
	return list
}

// Run is one run; nil: not known.
func (s *State) Run(id string) *Run { return s.runs[id] }

// Active is the newest run that was triggered and has not ended; nil: none.
func (s *State) Active() *Run {
	for _, id := range slices.Backward(s.order) {
		if s.runs[id].Active() {
			return s.runs[id]
		}
	}
	return nil
}

// armingFor is how long a run that was configured may take to be started, with some to spare.
const armingFor = 12 * time.Second

// armingTime is how long the run may take to be started once it is configured.
func (r *Run) armingTime() time.Duration {
	if len(r.Spec.Setup) > 0 {
		return armingFor + loadgen.SetupTime
	}
	return armingFor
}

// Front is the run to look at first: the newest that is running, is being armed, or has figures; nil: none. One that was refused
// does not stand before the one that it was refused for.
func (s *State) Front() *Run {
	for _, id := range slices.Backward(s.order) {
		r := s.runs[id]
		known := !r.T0.IsZero() && r.Phase != Refused && (r.Active() || len(r.Intervals) > 0) // else it was before our time
		arming := r.Phase == Configured && s.now.Sub(r.ConfigAt) < r.armingTime()
		if known || arming {
			return r
		}
	}
	return nil
}

// Events are the newest events of the fleet and of all runs, newest last.
func (s *State) Events() []Event { return s.events }

// run is the run of that name, made if it is new; the oldest one gives way.
func (s *State) run(id string) *Run {
	if r := s.runs[id]; r != nil {
		return r
	}
	if len(s.order) == runsKept {
		delete(s.runs, s.order[0])
		s.order = append(s.order[:0], s.order[1:]...)
	}
	r := newRun(id)
	s.runs[id], s.order = r, append(s.order, id)
	return r
}

func errUnknown(what, id, why string) error { return fmt.Errorf("%s %s: %s", what, id, why) }
