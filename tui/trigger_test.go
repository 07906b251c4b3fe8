package tui

import (
	"testing"

	"landfall/tui/tuitest"
)

// A run starts again with one key and an answer, from the history too, and can be edited before.
func TestAgain(t *testing.T) {
	m := inState(t, "history", 120, 40)
	press(m, "R")
	contains(t, m, "Run this Tsunami again?", "http://127.0.0.1:8080/ping")
	press(m, "enter")
	c := m.conductor.(*tuitest.Conductor)
	if len(c.Asked) != 1 || c.Sent.RateRPS != 3000 {
		t.Fatalf("asked %q, rate %g", c.Asked, c.Sent.RateRPS)
	}
	press(m, "4", "E")
	if f, is := m.top().(*composing); !is || f.Value("rate") != "3000" {
		t.Errorf("E does not open the run in the form:\n%s", m.View())
	}
	m = inState(t, "running", 120, 40)
	if press(m, "R", "y"); len(m.conductor.(*tuitest.Conductor).Asked) > 0 {
		t.Error("a second run is triggered while one is active")
	}
}
