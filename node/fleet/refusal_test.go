package fleet

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
)

// refuse returns a heartbeat in a driver's name that refuses a run; seq is higher than those sent.
func refuse(id string, seq uint64) *node.Heartbeat {
	return &node.Heartbeat{NodeID: id, BootID: "boot-" + id, Seq: seq, State: node.Idle, Answers: []node.Answer{{TestID: "t1", Refuse: "no"}}}
}

// Without fleet keys anyone can refuse in a driver's name. The driver itself shows that it executes the run.
func TestContradictedRefusalIsIgnored(t *testing.T) {
	for name, shows := range map[string]func(*script, uint64){
		"by a snapshot": func(p *script, _ uint64) { p.post(p.snapshot("t1", "a", 0, 10, 10, false)) },
		"by a heartbeat": func(p *script, seq uint64) {
			p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: seq, State: node.Running, TestID: "t1"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := running(t, "a")
			r := p.s.Run("t1")
			p.pass(time.Millisecond)
			p.post(refuse("a", 100))
			p.pass(time.Second)
			shows(p, 101)
			p.post(refuse("a", 102))
			p.pass(time.Second)
			p.post(&node.Heartbeat{NodeID: "a", BootID: "boot-a", Seq: 103, State: node.Running, TestID: "t1"})
			p.pass(5 * time.Second)
			p.s.Tick(p.now)
			if c := r.Drivers["a"]; c.Refused() {
				t.Error("the refusal is accepted")
			}
			if got := texts(r.Events); strings.Count(got, "a refusal of t1 is ignored, because a runs it") != 1 || strings.Contains(got, "a refuses") {
				t.Errorf("events:\n%s", got)
			}
		})
	}
}

func TestUncontradictedRefusalCounts(t *testing.T) {
	p := running(t, "a")
	r := p.s.Run("t1")
	p.pass(time.Millisecond)
	p.post(refuse("a", 100))
	p.s.Tick(p.now)
	if r.Drivers["a"].Refused() {
		t.Error("accepted immediately")
	}
	p.pass(refusalGrace)
	p.post(refuse("a", 101))
	p.s.Tick(p.now)
	if got := texts(r.Events); !r.Drivers["a"].Refused() || strings.Count(got, "a refuses: no") != 1 {
		t.Errorf("refused %v; events:\n%s", r.Drivers["a"].Refused(), got)
	}
}

// A run that drivers refused has its reason from the record of its orchestrator: a process that reads the topics later knows it, too.
func TestRefusedRunHasItsReason(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a", "b")
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a", "b"}, By: "me", Spec: spec})
	p.post(refuse("a", 100))
	p.pass(time.Second)
	p.post(&node.Trigger{ID: "stop", Action: node.Stop, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, Reason: "2 of 2 drivers refuse: no"})
	at := p.now
	p.pass(time.Minute)

	late := p.readLater(node.TopicTrigger, node.TopicTestConfig)
	for name, s := range map[string]*State{"watched": p.s, "read later": late} {
		r := s.Run("t1")
		if r.Phase != Refused || r.StopWhy != "2 of 2 drivers refuse: no" || len(r.Events) != 1 || r.Events[0].Kind != EventRefused || !r.Events[0].At.Equal(at) || r.Events[0].Text != "t1 was not started: 2 of 2 drivers refuse: no" {
			t.Errorf("%s: %s, %q, events %v", name, r.Phase, r.StopWhy, r.Events)
		}
	}
}

// If its orchestrator dies before it writes that, the refusals have the time of the configuration, whenever they are read.
func TestRefusalsWithoutARecord(t *testing.T) {
	p := newScript(t)
	at := p.now
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a"}, By: "me", Spec: spec})
	p.pass(20 * time.Second)
	p.post(refuse("a", 100))
	p.pass(time.Second)
	r := p.s.Run("t1")
	if got := texts(r.Events); r.Phase != Refused || got != "refused a refuses: no\n" || !r.Events[0].At.Equal(at) {
		t.Errorf("%s, events %v", r.Phase, r.Events)
	}
}
