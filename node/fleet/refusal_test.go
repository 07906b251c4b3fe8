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
