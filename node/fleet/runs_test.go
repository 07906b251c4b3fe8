package fleet

import (
	"fmt"
	"slices"
	"strings"
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
	if r := p.s.Run("t1"); r.Active() || r.Drivers["a"].LostAt == 0 {
		t.Errorf("%s, lost at %v", r.Phase, r.Drivers["a"].LostAt)
	}
}

// A process that starts after a run without a report adds its events at the times at which they happened.
func TestRunThatEndedBefore(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.start("t1", 0, "a", "b", "c")
	t0 := p.now
	for i := range 60 {
		p.now = p.now.Add(time.Second)
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), i == 59))
		if i < 10 {
			p.post(p.snapshot("t1", "b", i, 10, int64(10*(i+1)), false))
		}
	}
	p.now = p.now.Add(time.Hour)
	p.s.CaughtUp()
	p.s.Tick(p.now)
	r := p.s.Run("t1")
	if r.Phase != Finished || !r.EndedAt.Equal(t0.Add(time.Minute)) || r.Unreported() == "" {
		t.Errorf("%s, ended after %v, %q", r.Phase, r.EndedAt.Sub(t0), r.Unreported())
	}
	var got []string
	for _, e := range r.Events {
		got = append(got, fmt.Sprintf("%v %s", e.At.Sub(t0), e.Text))
	}
	want := []string{
		"0s t1 was started on 3 drivers by me",
		"0s c is lost: there is no snapshot of it",
		"10s b is lost: its last snapshot ends at 10.0s",
		"1m0s t1 ended without a report: its orchestrator (me) stopped before the end, or could not write to Kafka",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A run whose orchestrator died is finished some time after its end, and no event says so while its report may still arrive.
func TestRunWithoutAReport(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a")
	p.start("t1", 10, "a")
	p.pass(time.Second)
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	for range 11 {
		if r := p.s.Run("t1"); !r.Active() || r.Unreported() != "" {
			t.Fatalf("%s after %v: %q", r.Phase, p.now.Sub(r.T0), r.Unreported())
		}
		p.pass(time.Second)
		p.beat(node.Idle, "", "a")
	}
	p.pass(time.Second)
	r := p.s.Run("t1")
	if r.Phase != Finished || r.Unreported() == "" || r.EndedAt.Sub(r.T0) > 2*time.Second {
		t.Errorf("%s, ended after %v, %q", r.Phase, r.EndedAt.Sub(r.T0), r.Unreported())
	}
	p.result("t1")
	if why := r.Unreported(); why != "" {
		t.Errorf("with a report: %q", why)
	}
}

// After an outage of the broker, heartbeats may be read before the snapshots that were written earlier: no driver is lost because of that.
// Once the report is read, the run has ended.
func TestBacklogOfSnapshotsLosesNoDriver(t *testing.T) {
	p := running(t, "a", "b")
	for i := range 10 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a", "b")
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
		p.post(p.snapshot("t1", "b", i, 10, int64(10*(i+1)), false))
	}
	p.now = p.now.Add(52 * time.Second)
	p.s.Reconnected(p.now)
	for range 15 {
		p.beat(node.Idle, "", "a", "b")
		p.pass(time.Second)
	}
	r := p.s.Run("t1")
	if got := texts(p.s.Events()); !r.Active() || strings.Contains(got, "lost") {
		t.Fatalf("%s, events:\n%s", r.Phase, got)
	}
	p.result("t1")
	p.pass(time.Second)
	if got := texts(p.s.Events()); r.Phase != Finished || r.Report == nil || strings.Contains(got, "lost") || strings.Contains(got, "ignored") {
		t.Errorf("%s, events:\n%s", r.Phase, got)
	}
}

// A driver that lives but has nothing to do with a run that waits for it has lost it.
func TestDriverThatForgotTheRun(t *testing.T) {
	p := running(t, "a")
	for range 12 {
		p.pass(time.Second)
		p.beat(node.Idle, "", "a")
	}
	if got := texts(p.s.Events()); !strings.Contains(got, "a is lost: it no longer knows the run") {
		t.Errorf("events:\n%s", got)
	}
}
