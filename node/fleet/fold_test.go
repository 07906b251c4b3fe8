package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// script writes records as nodes do, with its own broker clock.
type script struct {
	t   *testing.T
	s   *State
	now time.Time
	all []node.Record
	seq map[string]uint64
}

func newScript(t *testing.T) *script {
	return &script{t: t, s: New(), now: time.UnixMilli(1_800_000_000_000), seq: map[string]uint64{}}
}

func (p *script) post(m node.Message) {
	p.t.Helper()
	topic, key, value, err := node.Encode(m)
	if err != nil {
		p.t.Fatal(err)
	}
	r := node.Record{Topic: topic, Key: key, Value: value, Appended: p.now, Offset: int64(len(p.all))}
	p.all = append(p.all, r)
	if err := apply(p.s, r); err != nil {
		p.t.Fatal(err)
	}
}

// readLater returns the state of a process that reads the topics now, one after the other. Of the heartbeats it reads the newest.
func (p *script) readLater(topics ...node.Topic) *State {
	p.t.Helper()
	late := New()
	late.Behind()
	for _, topic := range topics {
		for _, r := range p.all {
			if r.Topic != topic || topic == node.TopicHeartbeat && p.now.Sub(r.Appended) >= 2*time.Second {
				continue
			}
			if err := apply(late, r); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	late.CaughtUp()
	late.Tick(p.now)
	return late
}

// apply folds a record as an orchestrator does.
func apply(s *State, r node.Record) error {
	m, err := node.Decode(r)
	if err != nil {
		return err
	}
	return s.Apply(m, r.Appended)
}

func (p *script) pass(d time.Duration) {
	p.now = p.now.Add(d)
	p.s.Tick(p.now)
}

func (p *script) beat(state node.DriverState, testID string, ids ...string) {
	for _, id := range ids {
		p.post(&node.Heartbeat{NodeID: id, BootID: "boot-" + id, Seq: uint64(len(p.all) + 1), State: state, TestID: testID})
	}
}

var spec = loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1:1/", RateRPS: 100, Duration: loadgen.Duration(time.Minute)}.WithDefaults()

// start configures and starts a run; T0 is now.
func (p *script) start(testID string, quota int64, ids ...string) {
	p.post(&node.Config{TestID: testID, Drivers: ids, By: "me", Spec: spec})
	plan := &node.Plan{UntilUS: 60e6}
	for _, id := range ids {
		plan.Shares = append(plan.Shares, node.NodeShare{NodeID: id, Connections: 4, Quota: quota})
	}
	p.post(&node.Trigger{ID: "start-" + testID, Action: node.Start, TestID: testID, By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.UnixMicro(), Plan: plan})
}

// running returns a script of idle drivers that have just started a run, t1.
func running(t *testing.T, ids ...string) *script {
	p := newScript(t)
	p.beat(node.Idle, "", ids...)
	p.start("t1", 0, ids...)
	return p
}

func (p *script) snapshot(testID, id string, interval int, n, total int64, final bool) *node.Metrics {
	h := hdr.New()
	for i := range n {
		h.Record(1000 + i)
	}
	p.seq[testID+id]++
	return &node.Metrics{NodeID: id, BootID: "boot-" + id, Seq: p.seq[testID+id], TestID: testID, AtUS: p.now.UnixMicro(), Snapshot: loadgen.Snapshot{
		Interval: interval, Final: final, Begun: total, Times: loadgen.Times{Latency: h, Service: h},
		Delta: loadgen.Counts{Requests: n, Responses: n, Statuses: map[string]int64{"200": n}},
		Total: loadgen.Counts{Requests: total, Responses: total, Statuses: map[string]int64{"200": total}},
	}}
}

func texts(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintln(&b, e.Kind, e.Text)
	}
	return b.String()
}

func TestDriverIsLateThenLostThenBack(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	for _, step := range []struct {
		pass time.Duration
		want Liveness
	}{{2400 * time.Millisecond, Alive}, {200 * time.Millisecond, Late}, {2300 * time.Millisecond, Late}, {200 * time.Millisecond, Lost}} {
		p.pass(step.pass)
		if got := p.s.Driver("a").Liveness; got != step.want {
			t.Fatalf("after %v: %s, want %s", p.now, got, step.want)
		}
	}
	p.beat(node.Idle, "", "a")
	if got := p.s.Driver("a").Liveness; got != Alive {
		t.Errorf("back: %s", got)
	}
	if got := texts(p.s.Events()); !strings.Contains(got, "late a is late") || !strings.Contains(got, "lost a is lost") || !strings.Contains(got, "back a is back") {
		t.Errorf("events:\n%s", got)
	}
}

// A heartbeat that timed out at the driver may be stored after its last.
func TestOvertakenHeartbeatIsIgnored(t *testing.T) {
	p := newScript(t)
	p.post(&node.Heartbeat{NodeID: "a", BootID: "1", Seq: 1, State: node.Idle})
	p.post(&node.Heartbeat{NodeID: "a", BootID: "1", Seq: 3, State: node.Gone})
	p.post(&node.Heartbeat{NodeID: "a", BootID: "1", Seq: 2, State: node.Idle})
	if got := p.s.Driver("a").Liveness; got != Left {
		t.Errorf("after its last heartbeat: %s, want %s", got, Left)
	}
	p.post(&node.Heartbeat{NodeID: "a", BootID: "2", Seq: 1, State: node.Idle})
	if got := p.s.Driver("a").Liveness; got != Alive {
		t.Errorf("started again: %s, want %s", got, Alive)
	}
}

func TestBrokerOutageLosesNoDriver(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.now = p.now.Add(20 * time.Second)
	p.s.Reconnected(p.now)
	p.pass(time.Second)
	if got := p.s.Driver("a").Liveness; got != Alive {
		t.Errorf("%s a second after the broker came back", got)
	}
	p.pass(5 * time.Second)
	if got := p.s.Driver("a").Liveness; got != Lost {
		t.Errorf("%s although it stayed silent", got)
	}
}

// Topics are read concurrently: their relative order does not change the result.
func TestOrderAcrossTopicsDoesNotMatter(t *testing.T) {
	p := running(t, "a", "b")
	for i := range 5 {
		p.pass(time.Second)
		for _, id := range []string{"a", "b"} {
			p.post(p.snapshot("t1", id, i, 7, int64(7*(i+1)), i == 4))
		}
	}
	want := p.s.Run("t1")
	byTopic := map[node.Topic][]node.Record{}
	for _, r := range p.all {
		byTopic[r.Topic] = append(byTopic[r.Topic], r)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		s := New()
		rest := map[node.Topic][]node.Record{}
		topics := []node.Topic{}
		for topic, records := range byTopic {
			rest[topic] = records
			topics = append(topics, topic)
		}
		for len(topics) > 0 {
			i := random.IntN(len(topics))
			records := rest[topics[i]]
			if err := apply(s, records[0]); err != nil {
				t.Fatal(err)
			}
			if rest[topics[i]] = records[1:]; len(records) == 1 {
				topics = append(topics[:i], topics[i+1:]...)
			}
		}
		s.Tick(p.now)
		got := s.Run("t1")
		a, _ := json.Marshal(got.Latency)
		b, _ := json.Marshal(want.Latency)
		if got.Total.Requests != want.Total.Requests || !bytes.Equal(a, b) || got.Intervals.Len() != want.Intervals.Len() {
			t.Fatalf("requests %d, intervals %d; in order %d, %d", got.Total.Requests, got.Intervals.Len(), want.Total.Requests, want.Intervals.Len())
		}
	}
}

// Topics are read concurrently: reports that are read before configurations do not change the order of runs.
func TestRunsAreOrderedByConfiguration(t *testing.T) {
	start := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)
	s := New()
	report := func(id string, minute int) {
		if err := s.Apply(&node.Result{Header: node.Header{Schema: node.Schema}, TestID: id, Report: []byte("{}")}, start.Add(time.Duration(minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	config := func(id string, minute int) {
		if err := s.Apply(&node.Config{Header: node.Header{Schema: node.Schema}, TestID: id}, start.Add(time.Duration(minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	s.Behind()
	report("expired", 1)
	report("second", 15)
	report("fourth", 35)
	config("refused", 5)
	config("second", 10)
	config("third", 20)
	config("fourth", 30)
	config("fifth", 40)
	s.CaughtUp()
	var got []string
	for _, r := range s.Runs() {
		got = append(got, r.ID)
	}
	if want := []string{"expired", "refused", "second", "third", "fourth", "fifth"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestRubbishIsRefusedAndBounded(t *testing.T) {
	s := New()
	for i := range 20000 {
		topic := node.Topics[i%len(node.Topics)]
		_ = apply(s, node.Record{Topic: topic, Key: "k", Value: fmt.Appendf(nil, `{"schema":1,"node_id":"n","boot_id":"b","test_id":"t%d","seq":1}`, i)})
	}
	if len(s.runs) > runsKept || s.pending.bytes > maxPending || len(s.events) > eventsKept {
		t.Errorf("%d runs, %d pending, %d events", len(s.runs), s.pending.bytes, len(s.events))
	}
}
