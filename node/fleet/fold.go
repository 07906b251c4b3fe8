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

// State is the state of the fleet according to the topics. It is not safe for concurrent use.
type State struct {
	now      time.Time // broker's clock at the last tick
	began    time.Time // broker's clock at the first tick
	behind   bool      // old records are still being read
	since    time.Time // earlier heartbeats may have been missed: the broker was unreachable
	oldRead  time.Time // when a snapshot was last read long after it was written
	drivers  map[string]*Driver
	runs     map[string]*Run
	pointsOf *Run     // the newest finished run, whose drivers' intervals are kept
	order    []string // of runs, oldest first
	events   []Event
	ids      []string               // of the last trigger records, oldest first, to detect retries
	prints   map[string]fingerprint // by id
	ignored  map[string]bool        // by id: had no effect, because of what was read before
	pending  pending                // snapshots of runs whose start has not been read yet: topics are read concurrently
}

// New returns an empty fleet.
func New() *State {
	return &State{drivers: map[string]*Driver{}, runs: map[string]*Run{}, prints: map[string]fingerprint{}, ignored: map[string]bool{}}
}

// Apply folds a decoded message that was appended at the given time. For heartbeats that were read live, it
// is the time of their arrival: the broker's clock may be set back. An error says why the message was
// ignored.
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

// Stepped adjusts all times after the broker's clock was set by that much, so that the step does not count as
// elapsed time.
func (s *State) Stepped(by time.Duration) {
	move := func(times ...*time.Time) {
		for _, t := range times {
			if !t.IsZero() {
				*t = t.Add(by)
			}
		}
	}
	move(&s.now, &s.began, &s.since, &s.oldRead)
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

// Tick advances the broker's clock, while heartbeats are known to arrive: drivers become late and lost, and
// figures are updated.
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

// Behind marks that old records are still being read, until CaughtUp: they may contain a driver's reports, so
// no driver is concluded to have forgotten a run.
func (s *State) Behind() { s.behind = true }

// CaughtUp marks that all old records have been folded.
func (s *State) CaughtUp() {
	s.behind = false
	s.takeNewestEvents()
	for _, r := range s.runs {
		s.preferGenuine(r)
		if r.HelmAt.Before(s.now) { // earlier signs of the conductor may not have been read
			r.HelmAt = s.now
		}
	}
}

// Reading reports whether old records are still being read.
func (s *State) Reading() bool { return s.behind }

// HelmSeen records that the orchestrator at the helm of active runs was there.
func (s *State) HelmSeen(orchestrator string, at time.Time) {
	for _, r := range s.runs {
		if r.Conductor == orchestrator && r.Active() && r.HelmAt.Before(at) {
			r.HelmAt = at
		}
	}
}

// Reconnected marks the end of an outage of the broker, because of which no driver is late.
func (s *State) Reconnected(now time.Time) { s.since = now }

// Now returns the broker's clock at the last tick.
func (s *State) Now() time.Time { return s.now }

// Drivers returns all drivers of the heartbeat topic, by id.
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

// Driver returns a driver; nil: unknown.
func (s *State) Driver(id string) *Driver { return s.drivers[id] }

// Runs returns the newest runs, oldest first.
func (s *State) Runs() []*Run {
	list := make([]*Run, len(s.order))
	for i, id := range s.order {
		list[i] = s.runs[id]
	}
	return list
}

// Run returns a run; nil: unknown.
func (s *State) Run(id string) *Run { return s.runs[id] }

// Active returns the newest run that was triggered and has not ended; nil: none.
func (s *State) Active() *Run {
	for _, id := range slices.Backward(s.order) {
		if s.runs[id].Active() {
			return s.runs[id]
		}
	}
	return nil
}

// armingFor limits the time from configuration to start, with a margin.
const armingFor = 12 * time.Second

// armingTime returns the time that the run may take from its configuration to its start.
func (r *Run) armingTime() time.Duration {
	if len(r.Spec.Setup) > 0 {
		return armingFor + loadgen.SetupTime
	}
	return armingFor
}

// refusedFor is how long a refused run is the most relevant one.
const refusedFor = 30 * time.Second

// Front returns the most relevant run: the newest that is running, arming, was just refused, or has figures; nil: none. A
// refused run does not hide the run because of which it was refused.
func (s *State) Front() *Run {
	for _, id := range slices.Backward(s.order) {
		r := s.runs[id]
		known := !r.T0.IsZero() && r.Phase != Refused && (r.Active() || r.Intervals.Len() > 0) // otherwise it ran before this process started
		arming := r.Phase == Configured && !s.behind && s.now.Sub(r.ConfigAt) < r.armingTime()
		refused := r.Phase == Refused && r.T0.IsZero() && !r.StopAt.IsZero() && s.now.Sub(r.StopAt) < refusedFor && s.Active() == nil
		if known || arming || refused {
			return r
		}
	}
	return nil
}

// Events returns the newest events of the fleet and of all runs, newest last.
func (s *State) Events() []Event { return s.events }

// run returns the run with a name, and creates it if it is new; the oldest run is dropped for it.
func (s *State) run(id string) *Run {
	if r := s.runs[id]; r != nil {
		return r
	}
	if len(s.order) == runsKept {
		delete(s.runs, s.order[0])
		s.order = append(s.order[:0], s.order[1:]...)
	}
	s.forgetPoints()
	r := newRun(id)
	s.runs[id], s.order = r, append(s.order, id)
	return r
}

// reorder moves a run to its place by the time of its configuration. Topics are read concurrently, so reports may be read before the
// configurations of older runs; a run without a configuration counts by the time of its report.
func (s *State) reorder(r *Run) {
	from := slices.Index(s.order, r.ID)
	s.order = slices.Delete(s.order, from, from+1)
	at := len(s.order)
	for at > 0 {
		before := s.runs[s.order[at-1]]
		if t := before.ConfigAt; t.IsZero() && !before.reportAt.After(r.ConfigAt) || !t.IsZero() && !t.After(r.ConfigAt) {
			break
		}
		at--
	}
	s.order = slices.Insert(s.order, at, r.ID)
}

func errUnknown(what, id, why string) error { return fmt.Errorf("%s %s: %s", what, id, why) }
