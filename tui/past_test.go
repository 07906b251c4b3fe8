package tui

import (
	"testing"
	"time"

	"landfall/node"
	"landfall/tui/tuitest"
)

// A console that starts while no run is active shows the last run, until there is a new one.
func TestBeginsWithTheLastRun(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	c.Finish("tsunami-7")
	later := tuitest.New()
	later.Clock = c.Clock
	later.Apply(&node.Config{TestID: "tsunami-7", Drivers: []string{"drv-01"}, Spec: c.State.Run("tsunami-7").Spec})
	later.Apply(&node.Result{TestID: "tsunami-7", Report: c.State.Run("tsunami-7").Report})
	later.State.Tick(later.Clock)
	m := console(later, 120, 40)
	contains(t, m, "tsunami-7", "interrupted", "Throughput")
	later.Drivers(1)
	later.Configure("tsunami-8", 1)
	later.Start("tsunami-8", 1, "another")
	later.Second("tsunami-8", 0, 1, nil, 0)
	m.Update(changedMsg{})
	contains(t, m, "tsunami-8", "RUN")
}

// A run whose orchestrator died has no report: its figures are shown anyway, with the reason.
func TestRunWithoutAReport(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		c := tuitest.New()
		running(c, 3, 5)
		m := console(c, size[0], size[1])
		for range 200 { // beyond the planned end
			c.Clock = c.Clock.Add(time.Second)
			for d := range 3 {
				c.Beat(d, node.Idle, "")
			}
			c.State.Tick(c.Clock)
		}
		_, read := m.Update(changedMsg{})
		carry(m, read)
		if size[0] > 80 {
			contains(t, m, "no report was stored")
		}
		contains(t, m, "FAILED", "ended without a report")
		press(m, "r")
		contains(t, m, "no report was stored")
		press(m, "esc", "4")
		carry(m, m.readPast())
		carry(m, m.readSelected())
		contains(t, m, "✖ failed")
	}
}
