package sign

import (
	"testing"
	"time"

	"landfall/node"
)

func TestRecordsOfARunAreChained(t *testing.T) {
	s := running(t)
	other := s.config
	other.TestID = "run-2"
	otherConfig := s.accept(s.sign(s.ann, &other, nil))
	start2 := s.start
	start2.ID, start2.TestID = "s2", "run-2"

	refused(t, "a start with another run's configuration", s.read(s.sign(s.ann, &start2, s.configured)), "another configuration")
	refused(t, "a start without one", s.read(s.sign(s.ann, &start2, nil)), "names no configuration")
	far := start2
	far.T0US += time.Hour.Microseconds()
	refused(t, "a start far ahead", s.read(s.sign(s.ann, &far, otherConfig)), "T0 is 1h0m0s away")
	s.accept(s.sign(s.ann, &start2, otherConfig))

	changed := s.config
	changed.Spec.Target = "http://10.9.9.9/"
	refused(t, "a second configuration", s.read(s.sign(s.bob, &changed, nil)), "another configuration")
	again := s.start
	again.ID = "s9"
	refused(t, "a second start", s.read(s.sign(s.bob, &again, s.configured)), "started already")
	refused(t, "an adjust that follows an older plan", s.read(s.sign(s.ann, &s.pause, s.started)), "another record")
	refused(t, "an adjust of another run", s.read(s.sign(s.ann, &s.pause, otherConfig)), "another record")
	refused(t, "an adjust by an orchestrator without the helm", s.read(s.sign(s.bob, &s.pause, s.adjusted)), "ann controls the run")
	report := &node.Result{TestID: "run-1", Report: []byte(`{}`)}
	refused(t, "a report by an orchestrator without the helm", s.read(s.sign(s.bob, report, s.started)), "ann controls the run")
	refused(t, "a report of another start", s.read(s.sign(s.ann, report, otherConfig)), "another start")

	adopt := &node.Trigger{ID: "o1", Action: node.Adopt, TestID: "run-1", Conductor: "c2", Epoch: 2}
	refused(t, "an adoption of another start", s.read(s.sign(s.bob, adopt, otherConfig)), "another record")
	s.accept(s.sign(s.bob, adopt, s.started))
	refused(t, "an adjust by the previous holder of the helm", s.read(s.sign(s.ann, &s.pause, s.adjusted)), "bob controls the run")
	s.accept(s.sign(s.bob, &s.pause, s.adjusted))
	s.accept(s.sign(s.bob, report, s.started))
}

// Topics are read concurrently: if a start is read before its configuration, only the configuration that it
// names is valid.
func TestStartReadFirstBindsItsConfiguration(t *testing.T) {
	s := newScene(t)
	right, wrong := s.sign(s.ann, &s.config, nil), s.config
	wrong.Spec.Target = "http://10.9.9.9/"
	s.accept(s.sign(s.ann, &s.start, right.Value))
	refused(t, "another configuration", s.read(s.sign(s.bob, &wrong, nil)), "started with another configuration")
	s.accept(right)
}
