package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/tui/tuitest"
)

// Keys, and the resulting calls to the orchestrator.
func TestKeysAsk(t *testing.T) {
	for name, test := range map[string]struct {
		state string
		keys  []string
		want  []string
	}{
		"stop, confirmed":               {"running", []string{"S", "y"}, []string{"stop tsunami-7"}},
		"stop, enter is no":             {"running", []string{"S", "enter"}, nil},
		"stop, right then enter is yes": {"running", []string{"S", "right", "enter"}, []string{"stop tsunami-7"}},
		"pause, confirmed":              {"running", []string{"P", "y"}, []string{"pause tsunami-7"}},
		"pause, enter is no":            {"running", []string{"P", "enter"}, nil},
		"keys that arrive together":     {"running", []string{"+++"}, []string{"rate tsunami-7 3990"}},
		":rate":                         {"running", []string{":", "rate 50k", "enter"}, []string{"rate tsunami-7 50000"}},
		":rate of nonsense":             {"running", []string{":", "rate fast", "enter"}, nil},
		"a prefix is enough":            {"running", []string{":", "pau", "enter", "y"}, []string{"pause tsunami-7"}},
		"completion":                    {"running", []string{":", "pau", "tab", "enter", "y"}, []string{"pause tsunami-7"}},
		"drain one":                     {"idle", []string{"x", "d"}, []string{"kill drv-01 drain=true"}},
		"kill two wants their number":   {"idle", []string{" ", " ", "x", "K"}, nil},
		"kill two":                      {"idle", []string{" ", " ", "x", "2", "K"}, []string{"kill drv-01 drain=false", "kill drv-02 drain=false"}},
		"kill all that match":           {"idle", []string{"/", "drv-0", "enter", "M", "x", "3", "K"}, []string{"kill drv-01 drain=false", "kill drv-02 drain=false", "kill drv-03 drain=false"}},
		"all marked and unmarked":       {"idle", []string{"M", "M", "x", "d"}, []string{"kill drv-01 drain=true"}},
		"quit stops":                    {"running", []string{"q", "s"}, []string{"stop tsunami-7"}},
		"quit stays":                    {"running", []string{"q", "esc"}, nil},
		"trigger":                       {"idle", []string{"T", "enter", "y"}, []string{"trigger tsunami http://127.0.0.1:8080/ping"}},
		"trigger needs a yes":           {"idle", []string{"A", "enter", "enter"}, nil},
		"a wrong form asks nothing":     {"form-error", []string{"enter", "y"}, nil},
		"nothing to stop":               {"idle", []string{"S", "y"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			m := inState(t, test.state, 80, 24)
			press(m, test.keys...)
			if got := m.conductor.(*tuitest.Conductor).Asked; !slices.Equal(got, test.want) {
				t.Errorf("asked %q, want %q", got, test.want)
			}
		})
	}
}

// A rate is changed from the one that was selected before, even if that is not in the plan yet.
func TestRateAfterRate(t *testing.T) {
	m := inState(t, "running", 120, 40)
	for range 3 {
		m.Update(keyOf("+"))
	}
	_, sending := m.Update(rateMsg{m.steps})
	m.Update(keyOf("-")) // the plan still has the first rate
	if m.wanted != 3630 {
		t.Errorf("%g/s after 3000/s and + + + -", m.wanted)
	}
	carry(m, sending)
	if m.wanted != 3630 {
		t.Errorf("%g/s is selected once an older rate is in the plan", m.wanted)
	}
	_, sending = m.Update(rateMsg{m.steps})
	carry(m, sending)
	if got := m.conductor.(*tuitest.Conductor).Asked; m.wanted != 0 || !slices.Equal(got, []string{"rate tsunami-7 3990", "rate tsunami-7 3630"}) {
		t.Errorf("asked %q, %g/s is still selected", got, m.wanted)
	}
}

// A rate that could not be set is no longer selected.
func TestRefusedRate(t *testing.T) {
	m := inState(t, "running", 120, 40)
	m.Update(keyOf("+"))
	m.Update(doneMsg{what: "rate", err: errors.New("more than the drivers allow"), step: m.steps})
	if m.wanted != 0 {
		t.Errorf("%g/s is still selected", m.wanted)
	}
}

// A paused run can be resumed while the charts are frozen.
func TestResumeWhileFrozen(t *testing.T) {
	m := inState(t, "running", 120, 40)
	press(m, "p")
	c := m.conductor.(*tuitest.Conductor)
	c.State.Run("tsunami-7").Paused = true
	m.Update(changedMsg{})
	press(m, "P")
	if want := []string{"resume tsunami-7"}; !slices.Equal(c.Asked, want) {
		t.Errorf("asked %q", c.Asked)
	}
}

// While a run is paused, the same key resumes it, as the footer says, and its rate cannot be changed.
func TestPaused(t *testing.T) {
	m := inState(t, "running", 120, 40)
	c := m.conductor.(*tuitest.Conductor)
	c.State.Run("tsunami-7").Paused = true
	m.Update(changedMsg{})
	contains(t, m, "P resume")
	if foot := m.footer(); strings.Contains(foot, "pause") || strings.Contains(foot, "rate") {
		t.Errorf("footer of a paused run: %q", foot)
	}
	press(m, "+")
	contains(t, m, "it is paused")
	press(m, "P")
	if want := []string{"resume tsunami-7"}; !slices.Equal(c.Asked, want) {
		t.Errorf("asked %q", c.Asked)
	}
}

// A run that ends while the dialog is open does not prevent quitting.
func TestQuitAfterTheEnd(t *testing.T) {
	c := tuitest.New()
	running(c, 2, 3)
	m := console(c, 80, 24)
	press(m, "q")
	c.Finish("tsunami-7")
	m.Update(changedMsg{})
	_, quit := m.Update(keyOf("s"))
	if quit == nil {
		t.Fatalf("s does nothing:\n%s", m.View())
	}
	if _, is := quit().(tea.QuitMsg); !is || len(c.Asked) > 0 {
		t.Errorf("asked %q:\n%s", c.Asked, m.View())
	}
}

// Only the console at the helm can adjust a run; others show what to press.
func TestAnotherAtTheHelm(t *testing.T) {
	c := tuitest.New()
	c.Drivers(2)
	c.Configure("tsunami-7", 2)
	c.Start("tsunami-7", 2, "other")
	c.Second("tsunami-7", 0, 2, nil, 0)
	m := console(c, 120, 40)
	press(m, "P", "+")
	if len(c.Asked) > 0 || !strings.Contains(m.View(), "press a") {
		t.Errorf("asked %q:\n%s", c.Asked, m.View())
	}
	press(m, "a", "y")
	if want := []string{"adopt tsunami-7"}; !slices.Equal(c.Asked, want) {
		t.Errorf("asked %q", c.Asked)
	}
}

// While Kafka is unreachable, only a stop is sent: other orders would be carried out long after they were given.
func TestOrdersWhileDisconnected(t *testing.T) {
	m := inState(t, "running", 120, 40)
	c := m.conductor.(*tuitest.Conductor)
	c.Trouble = errors.New("connection refused")
	m.Update(changedMsg{})
	now := tuitest.Start
	m.clock = func() time.Time { now = now.Add(time.Second); return now } // questions have been open for long enough
	for _, keys := range [][]string{{"+"}, {"P"}, {"x", "K"}, {":", "r", "a", "t", "e", " ", "5", "enter"}} {
		press(m, keys...)
		for m.top() != nil {
			press(m, "esc")
		}
		if !strings.Contains(m.footer(), "not sent: Kafka is unreachable") {
			t.Errorf("%q: %s", keys, m.footer())
		}
	}
	if len(c.Asked) > 0 {
		t.Errorf("sent: %q", c.Asked)
	}
	if press(m, "S", "y"); len(c.Asked) != 1 || !strings.HasPrefix(c.Asked[0], "stop") {
		t.Errorf("sent: %q", c.Asked)
	}
}

// Marked drivers that are gone are neither counted nor shut down, and names are in their natural order.
func TestKillLeavesOutDriversThatAreGone(t *testing.T) {
	c := tuitest.New()
	c.Drivers(12)
	c.Leave(1)
	for range 6 {
		c.Clock = c.Clock.Add(time.Second)
		for d := range 12 {
			if d > 2 {
				c.Beat(d, node.Idle, "")
			}
		}
		c.State.Tick(c.Clock)
	}
	m := console(c, 120, 40) // drv-01 and drv-03 are lost, drv-02 has left
	press(m, "M", "x")
	contains(t, m, "Shut down 9 drivers (3 already gone)?", "drv-04, drv-05, drv-06, drv-07 and 5 more")
	press(m, "9", "K")
	if len(c.Asked) != 9 || c.Asked[0] != "kill drv-04 drain=false" {
		t.Errorf("asked %q", c.Asked)
	}
	m.drivers.Marked = map[string]bool{"drv-02": true}
	press(m, "x")
	contains(t, m, "the marked drivers are already gone")
	m.drivers.Marked = map[string]bool{"drv-10": true, "drv-9": true, "drv-100": true}
	if got := m.markedIDs(); !slices.Equal(got, []string{"drv-9", "drv-10", "drv-100"}) {
		t.Errorf("order %q", got)
	}
}
