package tui

import (
	"fmt"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node"
	"landfall/tui/tuitest"
)

// TestSearchEvents: / on the page of events shows only matching events, with their number, while it is typed. The selection moves among
// them, and Esc shows all again.
func TestSearchEvents(t *testing.T) {
	c := tuitest.New()
	c.Drivers(12)
	m := console(c, 80, 24)
	press(m, "3")
	contains(t, m, "12 drivers joined")
	press(m, "/", "d", "r", "v", "-", "0", "1")
	contains(t, m, "1 of 12 match drv-01", "drv-01 joined") // events in a group are counted individually
	press(m, "esc")
	contains(t, m, "12 drivers joined")
	press(m, "/", "x", "y", "enter")
	contains(t, m, "0 of 12 match xy", "no event matches xy")
	press(m, "esc")
	contains(t, m, "12 drivers joined")
	press(m, "/")
	for _, k := range "driver=drv-1 joined" {
		press(m, string(k))
	}
	contains(t, m, "0 of 12 match") // driver= matches a whole name
}

// TestEventSelectionStays: the selected event stays selected when newer ones arrive; the newest stays the newest.
func TestEventSelectionStays(t *testing.T) {
	c := tuitest.New()
	c.Drivers(3)
	m := console(c, 80, 24)
	press(m, "3")
	if m.Sample.Event.NodeID != "drv-03" {
		t.Fatalf("%s is selected first, want the newest event", m.Sample.Event.Text)
	}
	press(m, "up")
	c.Leave(0)
	m.Update(changedMsg{})
	if m.Sample.Event.NodeID != "drv-02" {
		t.Errorf("after a newer event %q is selected", m.Sample.Event.Text)
	}
	contains(t, m, "▸ 09:14:00 ● drv-02 joined")
	press(m, "G")
	c.Leave(1)
	m.Update(changedMsg{})
	if m.Sample.Event.Text != "drv-02 left" {
		t.Errorf("the newest event is %q", m.Sample.Event.Text)
	}
}

// TestEventSelectionInSight: the selected event is always visible, and long ones are shown in full.
func TestEventSelectionInSight(t *testing.T) {
	c := tuitest.New()
	long := strings.Repeat("long words ", 12) + "end"
	for i := range 60 {
		c.Apply(&node.Register{NodeID: tuitest.Name(i % 3), BootID: fmt.Sprint("boot-", i), Host: "h"})
		c.Apply(&node.Heartbeat{NodeID: tuitest.Name(i % 3), BootID: fmt.Sprint("boot-", i), Seq: 1, State: node.Idle})
		c.Apply(&node.Heartbeat{NodeID: tuitest.Name(i % 3), BootID: fmt.Sprint("boot-", i), Seq: 2, State: node.Gone, Note: long})
	}
	m := console(c, 80, 24)
	press(m, "3")
	for range m.Sample.EventCount + 3 {
		screen := strings.Join(strings.Fields(strings.NewReplacer("│", "", "\n", " ").Replace(m.View())), " ")
		text := strings.Join(strings.Fields(m.Sample.Event.Text), " ")
		if !strings.Contains(screen, "▸ 09:14") || !strings.Contains(screen, text) {
			t.Fatalf("%d of %d is not whole on the screen: %q\n%s", m.Sample.EventAt, m.Sample.EventCount, text, m.View())
		}
		checkFrame(t, m, "events")
		press(m, "up")
	}
}

// TestRunNames: a run's name is in header, history and report, and / finds runs by name, target or outcome.
func TestRunNames(t *testing.T) {
	c := tuitest.New()
	c.Drivers(1)
	for i, name := range []string{"checkout v2", "", "search"} {
		id := fmt.Sprint("tsunami-", i+1)
		spec := loadgen.Spec{Name: name, Kind: loadgen.Tsunami, Target: "http://127.0.0.1:8080/ping", RateRPS: 1000, Duration: loadgen.Duration(2e9)}.WithDefaults()
		c.Apply(&node.Config{TestID: id, Drivers: []string{tuitest.Name(0)}, By: "ada@ops", Spec: spec})
		c.Start(id, 1, "me")
		c.Second(id, 0, 1, nil, 0)
		if name != "search" {
			c.Finish(id)
		}
	}
	for _, size := range sizes {
		m := console(c, size[0], size[1])
		contains(t, m, "search")
		press(m, "4")
		if press(m, "/", "c", "h", "e", "c", "k", "enter"); len(m.Sample.Runs) != 1 || m.Sample.Runs[0].ID != "tsunami-1" {
			t.Errorf("check matches %+v", m.Sample.Runs)
		}
		contains(t, m, "1 of 3 match check", "checkout v2")
		press(m, "esc", "/", "i", "n", "t", "e", "r", "r", "enter")
		contains(t, m, "2 of 3 match interr")
		press(m, "esc")
		contains(t, m, "tsunami-2", "tsunami-3")
		press(m, "1")
		if len(m.Sample.Runs) != 3 && len(m.Sample.Runs) != 0 {
			t.Errorf("on the page Live %d runs are left", len(m.Sample.Runs))
		}
	}
}
