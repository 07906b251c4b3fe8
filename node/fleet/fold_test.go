package fleet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

func TestTotalsWithRepeatsAndGaps(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 0, "a")
	p.pass(4 * time.Second)
	first := p.snapshot("t1", "a", 0, 10, 10, false)
	p.post(first)
	p.post(first)
	_ = p.snapshot("t1", "a", 1, 10, 20, false) // never arrives
	p.post(p.snapshot("t1", "a", 2, 10, 30, false))
	r := p.s.Run("t1")
	if c := r.Drivers["a"]; r.Total.Requests != 30 || r.Latency.Count() != 20 || c.Missing != 1 {
		t.Errorf("requests %d, in the histogram %d, missing %d", r.Total.Requests, r.Latency.Count(), c.Missing)
	}
	if r.Intervals.At(0).Present != 1 || r.Intervals.At(1).Present != 0 || r.Intervals.At(1).Expected != 1 {
		t.Errorf("intervals: %+v, %+v", r.Intervals.At(0), r.Intervals.At(1))
	}
}

func TestTimesByNameAndClass(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a", "b")
	for i, id := range []string{"a", "b"} {
		m := p.snapshot("t1", id, 0, 10, 10, false)
		m.Snapshot.Named = []loadgen.Named{{Name: "home", Requests: 10, Times: m.Snapshot.Times}}
		m.Snapshot.Classes = []loadgen.StatusClass{{Class: "2xx", Times: m.Snapshot.Times}, {Class: "5xx"}}[:2-i]
		p.post(m)
	}
	r := p.s.Run("t1")
	home, ok, failed := r.Named["home"], r.Classes["2xx"], r.Classes["5xx"]
	if home.Requests != 20 || home.Latency.Count() != 20 || home.Service.Count() != 20 || ok.Latency.Count() != 20 || ok.Service.Count() != 20 {
		t.Errorf("home %+v, 2xx %+v", home, ok)
	}
	if failed == nil || failed.Latency != nil {
		t.Errorf("5xx, of which nothing was measured: %+v", failed)
	}
}

func TestLateSnapshotOfAnOldInterval(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a", "b")
	late := p.snapshot("t1", "b", 0, 5, 5, false)
	for i := range 40 {
		p.pass(time.Second)
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
	}
	p.post(late)
	p.pass(time.Second)
	r := p.s.Run("t1")
	i := r.Intervals.At(0)
	if i.Present != 2 || i.Delta.Requests != 15 || i.live != nil {
		t.Errorf("present %d, requests %d, unpacked %v", i.Present, i.Delta.Requests, i.live != nil)
	}
	if h, err := hdr.Unpack(i.packed); err != nil || h.Count() != 15 {
		t.Errorf("packed: %v, %v", h, err)
	}
}

func TestRunEndsWhenAllDriversHaveReportedOrAreLost(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a", "b")
	p.start("t1", 10, "a", "b")
	p.pass(time.Second)
	p.beat(node.Running, "t1", "a", "b")
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	r := p.s.Run("t1")
	if r.Ended(p.now) {
		t.Fatal("ended while b carries its share")
	}
	for range 6 {
		p.pass(time.Second)
		p.beat(node.Idle, "", "a")
	}
	if !r.Ended(p.now) || r.Drivers["b"].LostAt == 0 {
		t.Fatalf("b lost at %v, ended %v", r.Drivers["b"].LostAt, r.Ended(p.now))
	}
	more := node.Plan{Seq: 1, FromUS: 7e6, UntilUS: 60e6, Shares: []node.NodeShare{{NodeID: "a", Connections: 8, Quota: 20}}}
	p.post(&node.Trigger{ID: "adjust", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, Plan: &more})
	if r.Ended(p.now) {
		t.Error("ended although b's share has gone to a")
	}
}

func TestOnlyTheConductorAdjusts(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a")
	p.post(&node.Trigger{ID: "adopt", Action: node.Adopt, TestID: "t1", By: "you", Conductor: "o2", Epoch: 2})
	stale := &node.Trigger{ID: "old", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, Plan: &node.Plan{Seq: 1, Shares: []node.NodeShare{{NodeID: "a"}}}}
	topic, key, value, _ := node.Encode(stale)
	if err := apply(p.s, node.Record{Topic: topic, Key: key, Value: value, Appended: p.now}); err == nil {
		t.Error("an adjust of the previous conductor was accepted")
	}
	if r := p.s.Run("t1"); r.Conductor != "o2" || len(r.Plans) != 1 {
		t.Errorf("conductor %s, %d plans", r.Conductor, len(r.Plans))
	}
}

// Topics are read concurrently: their relative order does not change the result.
func TestOrderAcrossTopicsDoesNotMatter(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a", "b")
	p.start("t1", 0, "a", "b")
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

func TestIntervalsPerDriverAreBounded(t *testing.T) {
	for drivers, want := range map[int]int{0: 1800, 9: 1800, 66: 1800, 100: 1200, 1000: 120, 10_000: 60} {
		r := &Run{Drivers: map[string]*Carrier{}}
		for i := range drivers {
			r.Drivers[fmt.Sprint(i)] = &Carrier{}
		}
		c := &Carrier{}
		for n := range 3 * want / 2 {
			c.point(&loadgen.Snapshot{Interval: n}, r.pointsKept())
		}
		if len(c.Points) != want || c.FirstPoint != 3*want/2-want {
			t.Errorf("%d drivers: %d intervals from %d on, want %d", drivers, len(c.Points), c.FirstPoint, want)
		}
	}
}
