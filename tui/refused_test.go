package tui

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/orchestrator"
	"landfall/tui/tuitest"
)

// A refused run says so in the header, and why once, on the live page and in the history.
func TestRefusedRun(t *testing.T) {
	const reason = "target 10.0.0.1:80 is not allowed here (--allow-target)"
	c := tuitest.New()
	c.Drivers(6)
	c.Configure("tsunami-7", 6)
	for i := range 6 {
		c.Answer(i, "tsunami-7", reason)
	}
	m := console(c, 120, 40)
	contains(t, m, "6 of 6 drivers have answered", "✖ 6 of 6 drivers refuse: target 10.0.0.1:80")
	c.Apply(&node.Trigger{ID: "stop", Action: node.Stop, TestID: "tsunami-7", By: "ada@ops", Conductor: "me", Epoch: 1, Reason: "6 of 6 drivers refuse: " + reason})
	m.Update(changedMsg{})
	contains(t, m, "REFUSED", "✖ not started: 6 of 6 drivers refuse: target 10.0.0.1:80")
	press(m, "4")
	contains(t, m, "✖ refused", "This run was not started: 6 of 6 drivers refuse: "+reason[:30])
	press(m, "1")
	c.Clock = c.Clock.Add(time.Minute)
	c.State.Tick(c.Clock)
	m.Update(changedMsg{})
	contains(t, m, "no run")
}

// The dialog names equal reasons once and how many drivers were asked, and can only be closed.
func TestRefusalDialog(t *testing.T) {
	m := console(tuitest.New(), 120, 40)
	var list []orchestrator.Refusal
	for i := range 50 {
		list = append(list, orchestrator.Refusal{NodeID: tuitest.Name(i), Reason: "busy with run tsunami-6"})
	}
	m.Update(doneMsg{what: "arming", err: &orchestrator.RefusedError{Refusals: list, Of: 50}})
	contains(t, m, "50 of 50 drivers refuse: busy with run tsunami-6")
	if foot := m.footer(); !strings.Contains(foot, "close") || strings.Contains(foot, " no ") {
		t.Errorf("footer %q", foot)
	}
}
