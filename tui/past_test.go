package tui

import (
	"bytes"
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
	contains(t, m, "tsunami-7", "INTERRUPTED", "Throughput")
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

// The last run is the newest that has a report: not a refused one that was configured later, and not the first one that is read.
func TestLastRunIsTheNewestWithAReport(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	c.Finish("tsunami-7")
	text := c.State.Run("tsunami-7").Report
	later := tuitest.New()
	later.State.Behind()
	configure := func(id string) {
		later.Apply(&node.Config{TestID: id, Drivers: []string{"drv-01"}, Spec: c.State.Run("tsunami-7").Spec})
		later.Clock = later.Clock.Add(time.Minute)
	}
	report := func(id string) {
		later.Apply(&node.Result{TestID: id, Report: bytes.ReplaceAll(text, []byte("tsunami-7"), []byte(id))})
	}
	configure("tsunami-1")
	report("tsunami-1")
	m := console(later, 120, 40)
	if m.charts.Shown != nil || m.Sample.Run != nil {
		t.Fatalf("shown while the topics are being read:\n%s", m.View())
	}
	configure("tsunami-2")
	configure("tsunami-3")
	report("tsunami-2")
	later.State.CaughtUp()
	later.State.Tick(later.Clock)
	_, read := m.Update(changedMsg{})
	carry(m, read)
	if m.charts.Shown == nil || m.charts.Shown.ID != "tsunami-2" {
		t.Errorf("the last run is not shown:\n%s", m.View())
	}
}
