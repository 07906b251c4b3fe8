package tui

import (
	"strings"
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

// A question that is too long for the screen keeps its answers, and says how much of its text is missing.
func TestLongQuestionsKeepTheirAnswers(t *testing.T) {
	m := inState(t, "idle", 80, 24)
	m.ask(confirm("Trigger?", strings.Split(strings.Repeat("a line|", 40), "|"), "trigger", nil))
	contains(t, m, "no (esc)", "trigger (y)", "… and 27 more lines")
}
