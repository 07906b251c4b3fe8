package fleet

import (
	"testing"
	"time"

	"landfall/node"
)

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

func TestRefusedRun(t *testing.T) {
	p := newScript(t)
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a"}, By: "me", Spec: spec})
	p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 1, State: node.Idle, Answers: []node.Answer{{TestID: "t1", Refuse: "no"}}})
	p.pass(armingFor + time.Second)
	if got := p.s.Run("t1").Phase; got != Refused {
		t.Errorf("%s, want %s", got, Refused)
	}
}

// A process that starts after such a run does not wait for its drivers.
func TestRunWithExpiredSnapshotsIsOver(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.start("t1", 0, "a")
	p.now = p.now.Add(8 * 24 * time.Hour)
	p.s.CaughtUp()
	p.s.Tick(p.now)
	if r := p.s.Run("t1"); !r.Ended(p.now) || r.Drivers["a"].LostAt == 0 {
		t.Errorf("%s, lost at %v", r.Phase, r.Drivers["a"].LostAt)
	}
}
