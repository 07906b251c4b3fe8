package fleet

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func TestDrainingDriverReleasesItsShareInAnyOrder(t *testing.T) {
	for name, heard := range map[string]func(p *script){
		"its state first": func(p *script) {
			p.beat(node.Draining, "t1", "a")
			p.post(p.snapshot("t1", "a", 1, 5, 15, true))
			p.beat(node.Gone, "", "a")
		},
		"its last snapshot first": func(p *script) {
			p.post(p.snapshot("t1", "a", 1, 5, 15, true))
			p.beat(node.Draining, "t1", "a")
			p.beat(node.Gone, "", "a")
		},
		"only its last heartbeat": func(p *script) {
			p.post(p.snapshot("t1", "a", 1, 5, 15, true))
			p.beat(node.Gone, "", "a")
		},
		"its last heartbeat before its last snapshot": func(p *script) {
			p.beat(node.Gone, "", "a")
			p.post(p.snapshot("t1", "a", 1, 5, 15, true))
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := running(t, "a", "b")
			p.pass(time.Second)
			p.post(p.snapshot("t1", "a", 0, 10, 10, false))
			p.pass(500 * time.Millisecond)
			heard(p)
			c := p.s.Run("t1").Drivers["a"]
			if !c.Released || !c.Final || c.Holds() || c.LostAt != 0 {
				t.Errorf("released %v, final %v, lost at %v: want its share free and nothing lost", c.Released, c.Final, c.LostAt)
			}
			for where, events := range map[string][]Event{"the run": p.s.Run("t1").Events, "the fleet": p.s.Events()} {
				if n := strings.Count(kinds(events), "left"); n != 1 {
					t.Errorf("%s has %d events of the exit: %s", where, n, texts(events))
				}
			}
		})
	}
}

func TestFinishedDriverReleasesNothing(t *testing.T) {
	for name, quota := range map[string]int64{"by number": 15, "by time": 0} {
		t.Run(name, func(t *testing.T) {
			p := newScript(t)
			p.beat(node.Idle, "", "a", "b")
			p.start("t1", quota, "a", "b")
			p.pass(time.Second)
			interval := 0
			if quota == 0 {
				p.pass(59*time.Second - time.Millisecond)
				interval = 59
			}
			p.post(p.snapshot("t1", "a", interval, 15, 15, true))
			p.beat(node.Gone, "", "a")
			if c := p.s.Run("t1").Drivers["a"]; c.Released {
				t.Error("its share is free although it was executed to the end")
			}
		})
	}
}

// An orchestrator that starts after a run's end reads heartbeats of idle drivers before their snapshots.
func TestRunIsNotForgottenWhileReading(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.start("t1", 10, "a")
	for range 7 {
		p.pass(time.Second)
		p.beat(node.Idle, "", "a")
	}
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	p.s.CaughtUp()
	p.pass(time.Second)
	if c, r := p.s.Run("t1").Drivers["a"], p.s.Run("t1"); c.LostAt != 0 || !r.Ended(p.now) {
		t.Errorf("lost at %v, ended %v: %s", c.LostAt, r.Ended(p.now), texts(r.Events))
	}

	q := newScript(t)
	q.start("t1", 10, "a")
	for range 7 {
		q.pass(time.Second)
		q.beat(node.Idle, "", "a")
	}
	if q.s.Run("t1").Drivers["a"].LostAt == 0 {
		t.Error("a driver that idles and never reported has not lost the run")
	}
}

// A process that starts and reads slowly does not declare drivers lost before it has read their newest heartbeats. Once it has read
// everything, a silent driver is lost.
func TestSilenceBeforeAllIsRead(t *testing.T) {
	p := newScript(t)
	p.s.Behind()
	p.beat(node.Idle, "", "a", "b")
	p.start("t1", 0, "a", "b")
	p.pass(7 * time.Second)
	if events := texts(p.s.Run("t1").Events); strings.Contains(events, "lost") || strings.Contains(events, "late") {
		t.Errorf("while records are still read: %s", events)
	}
	p.beat(node.Running, "t1", "a")
	p.s.CaughtUp()
	p.pass(time.Second)
	if run := p.s.Run("t1"); run.Drivers["a"].LostAt != 0 || run.Drivers["b"].LostAt == 0 {
		t.Errorf("a was heard, b was not: lost at %v and %v", run.Drivers["a"].LostAt, run.Drivers["b"].LostAt)
	}
}

func TestRestartedDriverDoesNotRejoinTheRun(t *testing.T) {
	p := running(t, "a")
	p.pass(time.Second)
	p.post(p.snapshot("t1", "a", 0, 10, 10, false))
	for i := range uint64(3) {
		p.post(&node.Heartbeat{NodeID: "a", BootID: "another", Seq: i + 1, State: node.Idle, Answers: []node.Answer{{TestID: "t1", Refuse: "too late"}}})
		p.pass(time.Second)
	}
	if c := p.s.Run("t1").Drivers["a"]; c.Refused() {
		t.Error("the refusal of another process counts")
	}
	if c := p.s.Run("t1").Drivers["a"]; c.LostAt == 0 {
		t.Error("its share is not lost although its process is another")
	}
}

// The plan that reassigns the share of a lost driver says when it was lost: a process that reads the topics later, or that has found the loss
// at another time, shows it at that time.
func TestLossesAreThoseOfThePlan(t *testing.T) {
	p := running(t, "a", "b")
	t0 := p.now
	for i := range 8 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
		p.post(p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false))
	}
	plan := node.Plan{Seq: 1, FromUS: 6e6, UntilUS: 60e6, Shares: []node.NodeShare{{NodeID: "a", Connections: 8}}, Lost: []node.Loss{{NodeID: "b", AtUS: 5_040_000, Reason: "no heartbeat for 5.0 s"}}}
	p.post(&node.Trigger{ID: "adjust", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, Reason: "the share of b goes to the one that is left", Plan: &plan})
	for range 3 { // b is restarted
		p.pass(time.Second)
		p.post(&node.Heartbeat{NodeID: "b", BootID: "again", Seq: uint64(len(p.all)), State: node.Idle})
	}

	late := p.readLater(node.TopicTrigger, node.TopicTestConfig, node.TopicMetrics, node.TopicHeartbeat)
	for name, s := range map[string]*State{"watched": p.s, "read later": late} {
		var losses []string
		for _, e := range s.Events() {
			if e.Kind == EventLost {
				losses = append(losses, fmt.Sprint(e.At.Sub(t0), " ", e.Text))
			}
		}
		if want := []string{"5.04s b is lost: no heartbeat for 5.0 s"}; !slices.Equal(losses, want) {
			t.Errorf("%s: %q, want %q", name, losses, want)
		}
	}
}

// A driver that a plan names as lost is not lost once more when this process finds its silence.
func TestLossIsToldOnce(t *testing.T) {
	p := running(t, "a", "b")
	p.pass(4900 * time.Millisecond)
	plan := node.Plan{Seq: 1, FromUS: 6e6, UntilUS: 60e6, Shares: []node.NodeShare{{NodeID: "a", Connections: 8}}, Lost: []node.Loss{{NodeID: "b", AtUS: 4_890_000, Reason: "no heartbeat for 5.0 s"}}}
	p.post(&node.Trigger{ID: "adjust", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, Plan: &plan})
	p.beat(node.Running, "t1", "a")
	p.pass(time.Second)
	if got := texts(p.s.Events()); strings.Count(got, "b is lost") != 1 || p.s.Driver("b").Liveness != Lost {
		t.Errorf("b is %s, events:\n%s", p.s.Driver("b").Liveness, got)
	}
}
