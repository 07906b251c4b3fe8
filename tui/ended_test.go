package tui

import (
	"testing"
	"time"

	"landfall/node"
	"landfall/tui/tuitest"
)

// Consoles that had not read all snapshots when a run ended show the same afterwards: that of its report.
func TestAllConsolesShowTheSamePast(t *testing.T) {
	whole, part := tuitest.New(), tuitest.New()
	for _, c := range []*tuitest.Conductor{whole, part} {
		c.Drivers(3)
		c.Configure("tsunami-7", 3)
		c.Start("tsunami-7", 3, "me")
		for i := range 30 {
			c.Clock = c.Clock.Add(time.Second)
			for d := range 3 {
				c.Beat(d, node.Running, "tsunami-7")
				if c == whole || i < 12 && d > 0 {
					c.Snapshot("tsunami-7", i, d, int64(d))
				}
			}
			c.State.Tick(c.Clock)
		}
	}
	whole.Finish("tsunami-7")
	part.Apply(&node.Result{TestID: "tsunami-7", Report: whole.State.Run("tsunami-7").Report})
	for range 15 {
		if part.State.Run("tsunami-7").Active() {
			part.Clock = part.Clock.Add(time.Second)
			for d := range 3 {
				part.Beat(d, node.Idle, "")
			}
			part.State.Tick(part.Clock)
		}
	}
	whole.Clock = part.Clock
	for d := range 3 {
		whole.Beat(d, node.Idle, "")
	}
	whole.State.Tick(whole.Clock)
	a, b := console(whole, 200, 60), console(part, 200, 60)
	contains(t, a, "INTERRUPTED", "90,000", "3k/s of 3k")
	for _, m := range []*model{a, b} { // reports have no seconds of single drivers: a console has those that it read
		for i := range m.Sample.Rows {
			m.Sample.Rows[i].Trend = nil
		}
	}
	if a.View() != b.View() {
		t.Errorf("one console shows\n%s\nanother one\n%s", a.View(), b.View())
	}
	for range 8 {
		press(a, "[")
	}
	if w := a.Sample.Run.Window; w.From != 0 || len(w.Sent) != 30 {
		t.Errorf("the last 30 s are %d from %d on", len(w.Sent), w.From)
	}
}
