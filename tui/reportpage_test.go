package tui

import (
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/node/findings"
	"landfall/node/report"
	"landfall/tui/panel"
	"landfall/tui/tuitest"
)

// The findings of a run are on the card of its verdict, and in full on a page of their own.
func TestFindings(t *testing.T) {
	m := inState(t, "ended", 120, 40)
	p := m.history.Past["tsunami-7"]
	p.Report.Findings = []findings.Finding{{Severity: findings.Serious, What: "The target ran out of threads.", Evidence: "p99 grew from 3ms to 900ms at 400/s", Next: "its thread pool"}}
	m.Update(changedMsg{})
	contains(t, m, "✖ The target ran out of threads.", "findings")
	press(m, "r")
	m.top().(*textPage).past.Report.Findings = p.Report.Findings
	press(m, "f")
	contains(t, m, "Findings of tsunami-7", "p99 grew from 3ms", "→ its thread pool")
}

// Named requests have a table beside the charts, and a page of their own if there is no room.
func TestSteps(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	r := c.State.Run("tsunami-7")
	r.Spec.Requests = []loadgen.Request{{Name: "look"}, {Name: "buy"}}
	r.Named = map[string]*loadgen.Named{"look": {Name: "look", Requests: 1200}, "buy": {Name: "buy", Requests: 300, Errors: 3}}
	m := console(c, 120, 40)
	contains(t, m, "Steps", "look", "1,200", "buy", "1%")
	m = console(c, 80, 24)
	press(m, "z", "z", "z", "z")
	contains(t, m, "look", "1,200")
	press(m, "z")
	if m.charts.Zoom != 0 {
		t.Errorf("after all charts comes %d", m.charts.Zoom)
	}
}

// A past run keeps its table.
func TestStepsOfAPastRun(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	m.charts.Shown = &panel.Past{ID: "x", Report: &report.Report{Named: []report.Named{{Name: "pay", Requests: 77}}}}
	m.Update(changedMsg{})
	contains(t, m, "pay", "77")
}

// While a run is active, the reasons of failed requests are shown, with the first exchange of each kind.
func TestFailures(t *testing.T) {
	c := tuitest.New()
	running(c, 2, 5)
	r := c.State.Run("tsunami-7")
	r.Exchanges = []evidence.Exchange{{Request: "pay", Cause: evidence.Status, Why: "status 500", Driver: "drv-01", AtMS: 1200, LatencyUS: 3000, Status: 500, Sent: []string{"POST /pay HTTP/1.1"}, Head: []string{"HTTP/1.1 500 Internal Server Error"}, Body: []string{"out of stock"}}}
	m := console(c, 120, 40)
	press(m, "F")
	contains(t, m, "Failures of tsunami-7", "status 500: pay", "> POST /pay", "< HTTP/1.1 500", "out of stock")
}
