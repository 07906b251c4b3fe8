package sign

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

func TestWhoMayWriteWhat(t *testing.T) {
	s := running(t)
	beat := func(id string) *node.Heartbeat {
		return &node.Heartbeat{NodeID: id, BootID: "b", Seq: 1, State: node.Idle}
	}
	for _, c := range []struct {
		name    string
		key     *Key
		message node.Message
		want    string // "": accepted
	}{
		{"a driver's heartbeat", s.d1, beat("d1"), ""},
		{"a driver's snapshot", s.d1, &node.Metrics{NodeID: "d1", BootID: "b", Seq: 1, TestID: "run-1"}, ""},
		{"a driver's registration", s.d1, &node.Register{NodeID: "d1", BootID: "b"}, ""},
		{"a kill by an operator", s.bob, &s.kill, ""},
		{"a stop by another operator", s.bob, &node.Trigger{ID: "x1", Action: node.Stop, TestID: "run-1"}, ""},
		{"a heartbeat as another driver", s.d1, beat("d2"), "another driver"},
		{"a snapshot as another driver", s.d1, &node.Metrics{NodeID: "d2", BootID: "b", Seq: 1, TestID: "run-1"}, "another driver"},
		{"a registration as another driver", s.d1, &node.Register{NodeID: "d2", BootID: "b"}, "another driver"},
		{"an operator's heartbeat as a driver", s.ann, beat("d1"), "operator's key"},
		{"a driver's kill", s.d1, &s.kill, "driver's key"},
		{"a driver's stop", s.d1, &node.Trigger{ID: "x2", Action: node.Stop, TestID: "run-1"}, "driver's key"},
		{"a driver's report", s.d1, &node.Result{TestID: "run-1", Report: []byte(`{}`)}, "driver's key"},
		{"a viewer's stop", s.vic, &node.Trigger{ID: "x3", Action: node.Stop, TestID: "run-1"}, "viewer's key"},
		{"a viewer's configuration", s.vic, &node.Config{TestID: "run-9", Drivers: []string{"d1"}, Spec: s.config.Spec}, "viewer's key"},
		{"a viewer's kill", s.vic, &s.kill, "viewer's key"},
		{"a stranger's kill", s.stranger, &s.kill, "not in the ring"},
		{"a stranger's heartbeat", s.stranger, beat("d1"), "not in the ring"},
		{"the root key's kill", s.root, &s.kill, "not in the ring"},
	} {
		err := s.read(s.sign(c.key, c.message, nil))
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		refused(t, c.name, err, c.want)
	}
}

func TestUnsignedRecords(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct {
		message node.Message
		want    string
	}{
		{&s.config, "not signed"}, {&s.start, "not signed"}, {&s.kill, "not signed"},
		{&node.Result{TestID: "run-1", Report: []byte(`{}`)}, "not signed"},
		{&node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle}, "d1 has a key"},
		{&node.Heartbeat{NodeID: "d9", BootID: "b", State: node.Idle}, ""}, // d9 has no key
	} {
		topic, key, value, err := node.Encode(c.message)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.guard.judge(node.Record{Topic: topic, Key: key, Value: value, Appended: noon})
		if c.want == "" {
			if err != nil || got.Signer != nil {
				t.Errorf("%s of %s: signer %v, error %v", topic, key, got.Signer, err)
			}
			continue
		}
		refused(t, string(topic)+" of "+key, err, c.want)
	}
	for _, m := range []node.Message{ // d1's messages, under the record key of a driver without a fleet key
		&node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle}, &node.Register{NodeID: "d1", BootID: "b"},
		&node.Metrics{NodeID: "d1", BootID: "b", Seq: 1, TestID: "run-1"},
	} {
		topic, _, value, err := node.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, "under another key", s.read(node.Record{Topic: topic, Key: "d9", Value: value, Appended: noon}), "the message is of d1")
	}
}

func TestEachByteOfARecordCounts(t *testing.T) {
	s := newScene(t)
	whole := s.sign(s.ann, &s.kill, nil)
	for i := range whole.Value {
		changed := whole
		changed.Value = bytes.Clone(whole.Value)
		changed.Value[i] ^= 1
		if s.read(changed) == nil {
			t.Fatalf("byte %d (%q) changed: accepted", i, whole.Value[i])
		}
	}
	for _, change := range []func(*node.Record){
		func(r *node.Record) { r.Key = "d2" },
		func(r *node.Record) { r.Topic = node.TopicResults },
		func(r *node.Record) { r.Topic = node.TopicTestConfig },
	} {
		moved := whole
		change(&moved)
		refused(t, "a record moved elsewhere", s.read(moved), "its signature")
	}
	s.accept(whole)
}

// A record with a forged signature is not attributed to the key that it names.
func TestForgedSignaturesAreNotAttributed(t *testing.T) {
	s := newScene(t)
	for _, k := range []*Key{s.ann, s.vic, s.d2} {
		r := s.sign(s.stranger, &s.kill, nil)
		r.Value = bytes.Replace(r.Value, []byte(text.EncodeToString(s.stranger.public[:])), []byte(text.EncodeToString(k.public[:])), 1)
		var refusal *node.RefusedError
		if err := s.read(r); !errors.As(err, &refusal) || refusal.By != "" || !strings.Contains(err.Error(), "its signature is not that of") {
			t.Errorf("by %q: %v", refusal.By, err)
		}
	}
}

func TestOldRecordsWrittenAgain(t *testing.T) {
	s := running(t)
	kill := s.sign(s.ann, &s.kill, nil)
	stop := s.sign(s.ann, &node.Trigger{ID: "x1", Action: node.Stop, TestID: "run-1"}, s.started)
	beat := s.sign(s.d1, &node.Heartbeat{NodeID: "d1", BootID: "b", State: node.Idle}, nil)
	s.accept(kill)
	s.accept(stop)
	again := func(r node.Record, later time.Duration) error {
		r.Appended = r.Appended.Add(later)
		return s.read(r)
	}
	config := node.Record{Topic: node.TopicTestConfig, Key: "run-1", Value: s.configured, Appended: noon}
	start := node.Record{Topic: node.TopicTrigger, Key: "run-1", Value: s.started, Appended: noon}
	adjust := node.Record{Topic: node.TopicTrigger, Key: "run-1", Value: s.adjusted, Appended: noon}
	for _, r := range []node.Record{config, start, adjust, kill, stop} {
		if err := again(r, time.Second); !errors.Is(err, errRepeat) {
			t.Errorf("a retry of a %s record: %v, want it dropped silently", r.Topic, err)
		}
		refused(t, "the same bytes after 20 s", again(r, 20*time.Second), "written again")
	}
	fresh := func(r node.Record, later time.Duration) error { // a process that reads it for the first time
		r.Appended = r.Appended.Add(later)
		_, err := newGuard(s.ring, "landfall.", nil, "d1").judge(r)
		return err
	}
	for _, c := range []struct {
		name  string
		r     node.Record
		later time.Duration
		ok    bool
	}{
		{"configuration", config, 59 * time.Second, true}, {"configuration", config, 61 * time.Second, false},
		{"start", start, 9 * time.Second, true}, {"start", start, 11 * time.Second, false},
		{"adjust", adjust, 9 * time.Second, true}, {"adjust", adjust, 11 * time.Second, false},
		{"kill", kill, 29 * time.Second, true}, {"kill", kill, 31 * time.Second, false},
		{"stop", stop, time.Hour, true},
		{"heartbeat", beat, 9 * time.Second, true}, {"heartbeat", beat, 11 * time.Second, false},
		{"kill from the future", kill, -6 * time.Second, false},
	} {
		err := fresh(c.r, c.later)
		if (err == nil) != c.ok {
			t.Errorf("%s %s after it was signed: %v", c.name, c.later, err)
		}
	}
}

func TestOtherFleets(t *testing.T) {
	s, theirs := newScene(t), newScene(t)
	refused(t, "a record of another fleet", s.read(theirs.sign(theirs.ann, &s.kill, nil)), "not in the ring")
	// Ann is an operator of both fleets, with the same key.
	both := ringOf(t, theirs.root, operator(s.ann, "ann"))
	refused(t, "a record for Ann's other fleet", s.read(s.signIn(both, s.ann, &s.kill, nil)), "another fleet")
}

func TestRevokedKey(t *testing.T) {
	s := running(t)
	s.guard.ring = next(t, s.ring, s.root, Revoke("ann", noon.Add(time.Minute)))
	s.accept(s.sign(s.ann, &s.kill, nil)) // before it was revoked
	s.now = noon.Add(time.Minute)
	s.kill.ID = "k2"
	refused(t, "a kill", s.read(s.sign(s.ann, &s.kill, nil)), "was revoked at 2026-11-26T12:01:00Z")
}

func TestLimitsOfAKey(t *testing.T) {
	s := newScene(t)
	ann := operator(s.ann, "ann")
	ann.MaxRateRPS, ann.Targets = 150, []string{"10.0.0.0/8", "shop.test"}
	s.ring = ringOf(t, s.root, ann)
	s.guard.ring = s.ring
	for i, c := range []struct {
		change func(*loadgen.Spec)
		want   string
	}{
		{func(*loadgen.Spec) {}, ""},
		{func(s *loadgen.Spec) { s.RateRPS = 151 }, "the key of ann allows 150"},
		{func(s *loadgen.Spec) { s.RateRPS, s.Delay = 0, loadgen.Duration(10*time.Millisecond) }, "the key of ann allows 150"}, // of each of two drivers
		{func(s *loadgen.Spec) { s.Target = "http://shop.test/" }, ""},
		{func(s *loadgen.Spec) { s.Target = "http://11.0.0.1/" }, "the key of ann allows 10.0.0.0/8, shop.test"},
		{func(s *loadgen.Spec) { s.Kind, s.RateRPS, s.Arrivals = loadgen.Avalanche, 0, "" }, "avalanche"},
	} {
		config := s.config
		config.TestID = "limited-" + string(rune('a'+i))
		c.change(&config.Spec)
		err := s.read(s.sign(s.ann, &config, nil))
		if c.want == "" && err != nil {
			t.Errorf("spec %d: %v", i, err)
		}
		if c.want != "" {
			refused(t, config.TestID, err, c.want)
		}
	}
	high := 151.0
	s.start.Plan.Schedule = []loadgen.Stage{{From: &high, To: high}}
	refused(t, "a plan above the key's rate", s.read(s.sign(s.ann, &s.start, []byte("x"))), "the key of ann allows 150")
}

func TestRecordsAreAttributedToTheirSigner(t *testing.T) {
	s := newScene(t)
	s.kill.By = "mallory"
	r, err := s.guard.judge(s.sign(s.ann, &s.kill, nil))
	if err != nil {
		t.Fatal(err)
	}
	m, err := node.Decode(r)
	if err != nil || m.(*node.Trigger).By != "ann for mallory" {
		t.Errorf("by %q (%v), want ann for mallory", m.(*node.Trigger).By, err)
	}
}

// Replaying the same records gives every reader the same verdicts.
func TestVerdictsAreDeterministic(t *testing.T) {
	s := running(t)
	records := []node.Record{
		{Topic: node.TopicTestConfig, Key: "run-1", Value: s.configured, Appended: noon},
		{Topic: node.TopicTrigger, Key: "run-1", Value: s.started, Appended: noon},
		s.sign(s.bob, &s.pause, s.started), s.sign(s.d1, &s.kill, nil), s.sign(s.bob, &s.kill, nil),
	}
	verdicts := func(own *Key, name string) (list []bool) {
		g := newGuard(s.ring, "landfall.", own, name)
		for _, r := range records {
			_, err := g.judge(r)
			list = append(list, err == nil)
		}
		return list
	}
	want := verdicts(s.ann, "")
	for _, reader := range []struct {
		key  *Key
		name string
	}{{s.bob, ""}, {s.d1, "d1"}, {nil, ""}} {
		if got := verdicts(reader.key, reader.name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, ann: %v", reader.name, got, want)
		}
	}
}
