package fleet

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
)

// kinds returns the kinds of events, separated by spaces.
func kinds(events []Event) string {
	var list []string
	for _, e := range events {
		list = append(list, string(e.Kind))
	}
	return strings.Join(list, " ")
}

// TestDrainIsOneEvent: an ordered exit is one event, whatever is read first; a driver that drains and continues has another one when it
// leaves, and so has its next process.
func TestDrainIsOneEvent(t *testing.T) {
	order := func(p *script) {
		p.post(&node.Trigger{ID: "k", Action: node.Kill, NodeID: "a", BootID: "boot-a", Drain: true, By: "ada"})
	}
	for name, test := range map[string]struct {
		heard func(p *script)
		want  int
		text  string
	}{
		"by a signal": {func(p *script) {
			p.beat(node.Draining, "t1", "a")
			p.beat(node.Gone, "", "a")
		}, 1, "a is draining"},
		"by an operator": {func(p *script) {
			order(p)
			p.beat(node.Running, "t1", "a") // sent before the order was read
			p.beat(node.Draining, "t1", "a")
			p.beat(node.Gone, "", "a")
		}, 1, "a was told to drain and exit by ada"},
		"the heartbeat is read first": {func(p *script) {
			p.beat(node.Draining, "t1", "a")
			order(p)
			p.beat(node.Gone, "", "a")
		}, 1, "a is draining"},
		"killed": {func(p *script) {
			p.post(&node.Trigger{ID: "k", Action: node.Kill, NodeID: "a", BootID: "boot-a", By: "ada"})
			p.beat(node.Draining, "t1", "a")
			p.beat(node.Gone, "", "a")
		}, 0, "a was killed by ada"},
		"killed, the heartbeat is read first": {func(p *script) {
			p.beat(node.Draining, "t1", "a")
			p.post(&node.Trigger{ID: "k", Action: node.Kill, NodeID: "a", BootID: "boot-a", By: "ada"})
			p.beat(node.Gone, "", "a")
			if texts(p.s.Run("t1").Events) == "" || strings.Contains(texts(p.s.Run("t1").Events), "draining") {
				t.Errorf("the run's events: %s", texts(p.s.Run("t1").Events))
			}
		}, 0, "a was killed by ada"},
		"its load was stopped long before": {func(p *script) {
			p.beat(node.Draining, "t1", "a")
			p.beat(node.Idle, "", "a")
			p.beat(node.Gone, "", "a")
		}, 2, "a left"},
		"two processes": {func(p *script) {
			order(p)
			p.beat(node.Gone, "", "a")
			p.post(&node.Heartbeat{NodeID: "a", BootID: "next", Seq: 1, State: node.Idle})
			p.post(&node.Heartbeat{NodeID: "a", BootID: "next", Seq: 2, State: node.Gone})
		}, 2, "a left"},
	} {
		t.Run(name, func(t *testing.T) {
			p := running(t, "a", "b")
			p.pass(time.Second)
			p.post(p.snapshot("t1", "a", 0, 10, 10, false))
			test.heard(p)
			if n := strings.Count(kinds(p.s.Events()), "left"); n != test.want || !strings.Contains(texts(p.s.Events()), test.text) {
				t.Errorf("%d events of the exit, want %d with %q: %s", n, test.want, test.text, texts(p.s.Events()))
			}
		})
	}
}

// A kill is an event of the run, although the driver's last snapshot may be read first: topics are read concurrently.
func TestKillsAreEventsOfTheirRun(t *testing.T) {
	p := running(t, "a", "b")
	p.post(p.snapshot("t1", "a", 0, 10, 10, true))
	p.post(&node.Trigger{ID: "k", Action: node.Kill, NodeID: "a", BootID: "boot-a", By: "ada"})
	if text := texts(p.s.Run("t1").Events); !strings.Contains(text, "a was killed by ada") {
		t.Errorf("events of the run: %s", text)
	}
}
