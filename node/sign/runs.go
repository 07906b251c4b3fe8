package sign

import (
	"landfall/node"
)

// runs is the guard's memory of runs: each record of a run names its predecessor by hash, so that no record
// can be moved to another run, start or plan.
type runs struct {
	byID  map[string]*run
	order []string // oldest first
}

const maxRuns = 4096

type run struct {
	config   digest // of the accepted configuration
	starting digest // the configuration that the start names; zero: not started
	start    digest
	plan     digest // of the newest record with a plan
	helm     string // who started or adopted it
	epoch    int
	ended    bool // stopped, or its result was accepted
}

func (s *runs) known(id string) *run { return s.byID[id] }

func (s *runs) run(id string) *run {
	if r := s.byID[id]; r != nil {
		return r
	}
	if s.byID == nil {
		s.byID = map[string]*run{}
	}
	if len(s.order) == maxRuns {
		delete(s.byID, s.order[0])
		s.order = s.order[1:]
	}
	r := &run{}
	s.byID[id], s.order = r, append(s.order, id)
	return r
}

var none digest

// config accepts the first configuration of a run, or the one that its start names: topics are read
// concurrently, so either may arrive first.
func (s *runs) config(r node.Record, m *Member, whole digest) error {
	run := s.run(r.Key)
	switch {
	case run.config != none && run.config != whole:
		return refuse(m.Name, "", "%s: the run has another configuration already", what(r))
	case run.starting != none && run.starting != whole:
		return refuse(m.Name, "", "%s: the run was started with another configuration", what(r))
	}
	run.config = whole
	return nil
}

// named returns the record that a trigger must name as its predecessor.
func (r *run) named(t *node.Trigger) digest {
	switch t.Action {
	case node.Start:
		return r.config
	case node.Adjust, node.Pause, node.Resume:
		return r.plan
	case node.Adopt, node.Stop:
		return r.start
	}
	return none
}

// trigger folds a record if it fits the history of its run. If the run's start is not known (expired on the
// topic, or before this process started), the record cannot be checked; drivers do not execute it.
func (s *runs) trigger(r node.Record, t *node.Trigger, follows digest, m *Member, whole digest) error {
	if t.Action == node.Kill {
		return nil
	}
	run := s.run(t.TestID)
	switch t.Action {
	case node.Start:
		return run.begin(r, follows, m, whole)
	case node.Stop: // reducing load is always allowed
		run.ended = run.ended || run.start != none
		return nil
	}
	if run.start == none {
		return nil
	}
	if want := run.named(t); follows != want {
		return refuse(m.Name, "", "%s: %s follows another record than the run's newest: it was written at the same time, or for another run", what(r), t.Action)
	}
	if t.Action == node.Adopt {
		if t.Epoch > run.epoch {
			run.helm, run.epoch = m.Name, t.Epoch
		}
		return nil
	}
	if m.Name != run.helm {
		return refuse(m.Name, "adopt the run first", "%s: %s by %s, but %s controls the run", what(r), t.Action, m.Name, run.helm)
	}
	run.plan = whole
	return nil
}

func (r *run) begin(rec node.Record, follows digest, m *Member, whole digest) error {
	switch {
	case r.start != none:
		return refuse(m.Name, "", "%s: the run was started already", what(rec))
	case follows == none:
		return refuse(m.Name, "", "%s: the start names no configuration", what(rec))
	case r.config != none && r.config != follows:
		return refuse(m.Name, "", "%s: the start names another configuration than the run's", what(rec))
	}
	r.starting, r.start, r.plan, r.helm, r.epoch = follows, whole, whole, m.Name, 1
	return nil
}

// result accepts a report by the controller of the run.
func (s *runs) result(rec node.Record, e *envelope, m *Member) error {
	run := s.run(rec.Key)
	switch {
	case run.start == none: // no longer on the topic
		return nil
	case e.follows != run.start:
		return refuse(m.Name, "", "%s: the report is of another start", what(rec))
	case m.Name != run.helm:
		return refuse(m.Name, "", "%s: the report is by %s, but %s controls the run", what(rec), m.Name, run.helm)
	}
	run.ended = true
	return nil
}

// orphaned returns the runs in progress whose controller has no valid key.
func (s *runs) orphaned(holds func(name string) bool) (ids []string) {
	for _, id := range s.order {
		if r := s.byID[id]; r.start != none && !r.ended && !holds(r.helm) {
			ids = append(ids, id)
		}
	}
	return ids
}
