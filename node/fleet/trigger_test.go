package fleet

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
)

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

func TestStartWithWrongT0IsIgnored(t *testing.T) {
	for _, off := range []time.Duration{-7 * 24 * time.Hour, -2 * time.Minute, 2 * time.Minute, 100 * 365 * 24 * time.Hour} {
		p := newScript(t)
		start := &node.Trigger{ID: "s", Action: node.Start, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.Add(off).UnixMicro(),
			Plan: &node.Plan{Shares: []node.NodeShare{{NodeID: "a"}}}}
		if err := p.s.Apply(start, p.now); err == nil {
			t.Errorf("T0 off by %v was accepted", off)
		}
		if r := p.s.Run("t1"); r.Active() {
			t.Errorf("T0 off by %v: %s", off, r.Phase)
		}
	}
}

func TestReusedIDIsReported(t *testing.T) {
	p := newScript(t)
	p.start("t1", 0, "a")
	adjust := &node.Trigger{ID: "start-t1", Action: node.Adjust, TestID: "t1", By: "mallory", Conductor: "o1", Epoch: 1, Plan: &node.Plan{Seq: 1, Shares: []node.NodeShare{{NodeID: "a"}}}}
	p.post(adjust)
	r := p.s.Run("t1")
	if got := texts(r.Events); len(r.Plans) != 1 || !strings.Contains(got, "ignored adjust by mallory") {
		t.Errorf("%d plans; events:\n%s", len(r.Plans), got)
	}
	before := len(r.Events)
	p.post(&node.Trigger{ID: "x", Action: node.Stop, TestID: "t1", By: "me"})
	p.post(&node.Trigger{ID: "x", Action: node.Stop, TestID: "t1", By: "me"})
	if len(r.Events) != before+1 {
		t.Error("a record that was retried is not one that reuses an id")
	}
}

func TestFalseEndIsAStop(t *testing.T) {
	p := running(t, "a")
	p.pass(time.Second)
	p.beat(node.Running, "t1", "a")
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	p.post(&node.Trigger{ID: "over", Action: node.Stop, TestID: "t1", Over: true, By: "mallory"})
	for range 4 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
	}
	if r := p.s.Run("t1"); r.StopBy != "mallory" {
		t.Errorf("drivers stop without an event that names who stopped them: %s", texts(r.Events))
	}
}
