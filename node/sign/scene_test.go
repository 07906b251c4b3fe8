package sign

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// scene is a fleet with keys and a guard that reads its records.
type scene struct {
	t                             *testing.T
	root, ann, bob, vic, d1, d2   *Key
	stranger                      *Key
	ring                          *Ring
	guard                         *guard
	now                           time.Time
	configured, started, adjusted []byte // the accepted records of run-1
	config                        node.Config
	start, adjust, pause, kill    node.Trigger
}

func newScene(t *testing.T) *scene {
	s := &scene{t: t, now: noon, root: NewKey(), ann: NewKey(), bob: NewKey(), vic: NewKey(), d1: NewKey(), d2: NewKey(), stranger: NewKey()}
	viewer := operator(s.vic, "vic")
	viewer.Role = node.RoleViewer
	s.ring = ringOf(t, s.root, operator(s.ann, "ann"), operator(s.bob, "bob"), viewer, driver(s.d1, "d1"), driver(s.d2, "d2"))
	s.guard = newGuard(s.ring, "landfall.", s.ann, "")
	spec := loadgen.Spec{Target: "http://10.1.2.3/", Kind: loadgen.Tsunami, RateRPS: 100, Duration: loadgen.Duration(time.Minute), Connections: 10}.WithDefaults()
	s.config = node.Config{TestID: "run-1", Drivers: []string{"d1", "d2"}, By: "ann@laptop", Spec: spec}
	rate := 100.0
	plan := &node.Plan{Schedule: []loadgen.Stage{{From: &rate, To: rate}}, Shares: []node.NodeShare{{NodeID: "d1", Connections: 10}}}
	s.start = node.Trigger{ID: "s1", Action: node.Start, TestID: "run-1", By: "ann", Conductor: "c1", Epoch: 1, T0US: noon.UnixMicro(), Plan: plan}
	second := *plan
	second.Seq = 1
	s.adjust = node.Trigger{ID: "a1", Action: node.Adjust, TestID: "run-1", By: "ann", Conductor: "c1", Epoch: 1, Plan: &second}
	s.pause = node.Trigger{ID: "p1", Action: node.Pause, TestID: "run-1", By: "ann", Conductor: "c1", Epoch: 1, Plan: &second}
	s.kill = node.Trigger{ID: "k1", Action: node.Kill, NodeID: "d1", BootID: "b1", By: "ann"}
	return s
}

// sign returns a record of a message, signed now and following another record's value.
func (s *scene) sign(k *Key, m node.Message, follows []byte) node.Record {
	return s.signIn(s.ring, k, m, follows)
}

func (s *scene) signIn(ring *Ring, k *Key, m node.Message, after []byte) node.Record {
	s.t.Helper()
	topic, key, value, err := node.Encode(m)
	if err != nil {
		s.t.Fatal(err)
	}
	e := envelope{at: s.now, body: value}
	if after != nil {
		e.follows = sum(after)
	}
	signEnvelope(s.t, &e, k, place{ring.Fleet, "landfall.", topic, key})
	return node.Record{Topic: topic, Key: key, Value: e.bytes(), Appended: s.now}
}

func (s *scene) read(r node.Record) error {
	_, err := s.guard.judge(r)
	return err
}

func (s *scene) accept(r node.Record) []byte {
	s.t.Helper()
	if err := s.read(r); err != nil {
		s.t.Fatalf("an honest %s record: %v", r.Topic, err)
	}
	return r.Value
}

// running returns a scene in which Ann has configured, started and adjusted run-1.
func running(t *testing.T) *scene {
	s := newScene(t)
	s.configured = s.accept(s.sign(s.ann, &s.config, nil))
	s.started = s.accept(s.sign(s.ann, &s.start, s.configured))
	s.adjusted = s.accept(s.sign(s.ann, &s.adjust, s.started))
	return s
}

func refused(t *testing.T, name string, err error, want string) {
	t.Helper()
	var r *node.RefusedError
	if !errors.As(err, &r) || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want a refusal that says %q", name, err, want)
	}
}
