package tui

import (
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/tui/keys"
	"landfall/tui/tuitest"
)

// C opens the form for a search, which is described before it is sent.
func TestComposeASearch(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "C")
	contains(t, m, "Compose a capacity search", "Objectives", "p99<250ms failed<0.1%", "Search from 100/s to 50k/s with 3 drivers", "each rate held for 20s")
	press(m, "enter")
	contains(t, m, "Trigger this capacity search?")
	press(m, "y")
	c := m.conductor.(*tuitest.Conductor)
	if sent := c.Sent; sent.Capacity == nil || len(sent.Capacity.Objectives) != 2 || sent.RateRPS != 0 || sent.Duration != 0 {
		t.Errorf("sent %+v", sent)
	}
	if press(m, "T"); m.scope() != keys.InForm || m.compose.spec.Capacity == nil {
		t.Fatal("no form")
	}
	if strings.Contains(m.View(), "Objectives") || !strings.Contains(m.View(), "Rate, fleet") {
		t.Errorf("a Tsunami after a search:\n%s", m.View())
	}
}

// A search in progress shows the tested rates.
func TestSearchIsShown(t *testing.T) {
	c := tuitest.New()
	c.Drivers(2)
	c.Configure("tsunami-7", 2)
	r := c.State.Run("tsunami-7")
	r.Spec.Capacity = &loadgen.Capacity{Objectives: []string{"p99<1s"}, From: 2000, To: 4000, Hold: loadgen.Duration(20e9), Precision: .05}
	c.Start("tsunami-7", 2, "me")
	for i := range 12 {
		c.Second("tsunami-7", i, 2, nil, 0)
	}
	for _, size := range [][2]int{{120, 40}, {200, 60}} {
		m := console(c, size[0], size[1])
		contains(t, m, "Capacity", "growing", "now 4k/s", "▸     4k/s")
	}
	m := console(c, 80, 24)
	press(m, "z", "z", "z", "z")
	contains(t, m, "Capacity", "▸     4k/s")
}

// A condition being typed is completed by the right arrow at its end.
func TestCompleteACondition(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	f := m.top().(*composing)
	for f.AtHand() != "thresholds" {
		press(m, "down")
	}
	press(m, "f", "a")
	contains(t, m, "→ failed<")
	press(m, "right", "1", "%")
	if got := f.Value("thresholds"); got != "failed<1%" {
		t.Errorf("completed to %q", got)
	}
}

// The objectives that are sent are those that were typed.
func TestObjectivesAreTyped(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "C", "down", "down", "down", "down", "ctrl+u")
	for _, r := range "p99<100ms failed<0.1%" {
		press(m, string(r))
	}
	press(m, "enter", "y")
	if c := m.conductor.(*tuitest.Conductor); c.Sent.Capacity == nil || strings.Join(c.Sent.Capacity.Objectives, " ") != "p99<100ms failed<0.1%" {
		t.Errorf("sent %+v\n%s", c.Sent.Capacity, m.View())
	}
}
