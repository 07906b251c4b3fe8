package tui

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/tui/tuitest"
)

// A run is repeated with one key and an answer, from the history too, and can be edited before.
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

// What is not stored with runs, since it may be secret, is never sent as it is shown: it is known from the form, or must be typed again.
func TestSecretsAreNotSentAsTheyAreShown(t *testing.T) {
	c := tuitest.New()
	c.Drivers(2)
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1:8080/ping", RateRPS: 10, Duration: loadgen.Duration(time.Second), Headers: map[string]string{"Authorization": "Bearer abc"}}
	c.Apply(&node.Config{TestID: "run", Drivers: []string{"drv-01", "drv-02"}, By: "ada@ops", Spec: spec.WithDefaults()})
	c.Start("run", 2, "me")
	c.Second("run", 0, 2, nil, 0)
	c.Finish("run")
	m := console(c, 120, 40)
	if press(m, "R"); !strings.Contains(m.notice.text, "not stored with runs") || m.top() != nil {
		t.Errorf("R says %q and opens %T", m.notice.text, m.top())
	}
	press(m, "E", "enter")
	if f, is := m.top().(*composing); !is || !strings.HasPrefix(f.Complaint(), "Headers: not stored with runs") {
		t.Fatalf("enter opens %T", m.top())
	}
	press(m, "ctrl+u", "Authorization: Bearer abc", "enter", "y")
	if got := c.Sent.Headers["Authorization"]; got != "Bearer abc" {
		t.Fatalf("typed again, but %q is sent:\n%s", got, m.View())
	}
	c.Sent = loadgen.Spec{}
	press(m, "R", "enter")
	if got := c.Sent.Headers["Authorization"]; got != "Bearer abc" {
		t.Errorf("%q is sent again:\n%s", got, m.View())
	}

	later := console(c, 120, 40) // which has read the last spec from its file
	later.compose.spec = c.Sent
	c.Sent = loadgen.Spec{}
	press(later, "R", "enter")
	if got := c.Sent.Headers["Authorization"]; got != "Bearer abc" {
		t.Errorf("a later console sends %q:\n%s", got, later.View())
	}
}
