package tui

import (
	"testing"
	"time"

	"landfall/tui/tuitest"
)

// Keys that were typed or pasted before a question appeared do not answer it.
func TestAnswersNeedTime(t *testing.T) {
	m := inState(t, "idle", 80, 24)
	now := tuitest.Start
	m.clock = func() time.Time { return now }
	press(m, "T", "enter", "y")
	if asked := m.conductor.(*tuitest.Conductor).Asked; len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}
	now = now.Add(tooSoon)
	if press(m, "y"); len(m.conductor.(*tuitest.Conductor).Asked) != 1 {
		t.Error("y after a moment triggers nothing")
	}
}
