package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/tui/help"
	"landfall/tui/keys"
	"landfall/tui/tuitest"
)

// contains checks that the screen shows some texts.
func contains(t *testing.T, m *model, wants ...string) {
	t.Helper()
	screen := m.View()
	for _, want := range wants {
		if !strings.Contains(screen, want) {
			t.Errorf("%q is not on the screen:\n%s", want, screen)
		}
	}
}

// Keys of overlays are in the table of actions: they can be rebound, and footer and help show them.
func TestOtherKeysOfOverlays(t *testing.T) {
	for name, test := range map[string]struct {
		state, action, was, key string
		open                    []string
		done                    func(*model) bool
	}{
		"report": {"report", "export", "e", "w", nil, func(m *model) bool { _, is := m.top().(*dialog); return is }},
		"dialog": {"running", "no", "n", "N", []string{"S"}, func(m *model) bool { return m.top() == nil }},
		"form":   {"idle", "leave", "esc", "f5", []string{"T"}, func(m *model) bool { return m.top() == nil }},
		"prompt": {"idle", "cancel", "esc", "f5", []string{":"}, func(m *model) bool { return m.top() == nil }},
		"driver": {"idle", "close", "q", "Q", []string{"enter"}, func(m *model) bool { return m.top() == nil }},
	} {
		t.Run(name, func(t *testing.T) {
			m := inState(t, test.state, 120, 40)
			var err error
			if m.actions, err = keys.Rebind(m.actions, map[string]string{test.action: test.key}); err != nil {
				t.Fatal(err)
			}
			press(m, test.open...)
			if press(m, test.was); test.done(m) {
				t.Errorf("%s still does it", test.was)
			}
			if foot := m.footer(); name != "prompt" && !strings.Contains(foot, test.key+" ") {
				t.Errorf("the footer does not show %s: %q", test.key, foot)
			}
			if press(m, test.key); !test.done(m) {
				t.Errorf("%s does nothing:\n%s", test.key, m.View())
			}
			if text := strings.Join(help.Lines(m.Style, m.actions, help.Place{Scope: keys.OnPage}, "", 100), "\n"); !strings.Contains(text, " "+test.key+" ") {
				t.Errorf("the help does not show %s", test.key)
			}
		})
	}
	if _, err := keys.Rebind(actions(), map[string]string{"leave": "x"}); err == nil || !strings.Contains(err.Error(), `keys leave "x": is text there`) {
		t.Errorf("a letter that leaves a form: %v", err)
	}
	if _, err := keys.Rebind(actions(), map[string]string{"export": "E", "kill": "E"}); err != nil {
		t.Errorf("one key for two actions that never apply together: %v", err)
	}
}

// Esc is recognized whatever arrives with it: terminals send Alt and a key as Esc and that key.
func TestEscIsNotLost(t *testing.T) {
	alt := func(k tea.KeyMsg) tea.KeyMsg { k.Alt = true; return k }
	for _, key := range []string{"esc", "j", "y", "up"} {
		for state, pressed := range map[string][]string{"idle": {"T"}, "running": {"S"}, "report": nil} {
			m := inState(t, state, 120, 40)
			press(m, pressed...)
			_, cmd := m.Update(alt(keyOf(key)))
			carry(m, cmd)
			if m.top() != nil {
				t.Errorf("%s, Esc with %s: %T is still there", state, key, m.top())
			}
			if asked := m.conductor.(*tuitest.Conductor).Asked; len(asked) > 0 {
				t.Errorf("%s, Esc with %s asked %q", state, key, asked)
			}
		}
	}
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	m.Update(alt(keyOf("b")))
	if _, is := m.top().(*composing); !is {
		t.Error("alt+b, a word back in a text, closes the form")
	}
}

// Keys typed blindly do not kill a driver: k moves up, and a driver that has left cannot be killed.
func TestKillIsNotUp(t *testing.T) {
	m := inState(t, "idle", 80, 24)
	c := m.conductor.(*tuitest.Conductor)
	press(m, "j", "j", "x", "k", "esc")
	if len(c.Asked) > 0 {
		t.Errorf("asked %q", c.Asked)
	}
	press(m, "x", "K")
	if want := []string{"kill drv-03 drain=false"}; !slices.Equal(c.Asked, want) {
		t.Errorf("asked %q, want %q", c.Asked, want)
	}
	c.Leave(0)
	press(m, "g", "x")
	if m.top() != nil {
		t.Errorf("a driver that has left is offered to be killed:\n%s", m.View())
	}
}

// Report, driver and help are no dead ends: pages, commands, forms and help work there.
func TestWaysOutOfOverlays(t *testing.T) {
	for _, state := range []string{"report", "detail", "help"} {
		m := inState(t, state, 120, 40)
		under := m.top()
		if press(m, "?"); m.top() == under {
			t.Errorf("%s: ? opens no help", state)
		}
		if press(m, "q"); m.top() != under {
			t.Errorf("%s: q does not close the help", state)
		}
		if press(m, ":"); m.footer() == "" || !m.typing() {
			t.Errorf("%s: no commands", state)
		}
		press(m, "esc")
		if press(m, "3"); m.page != keys.PageEvents || m.top() != nil {
			t.Errorf("%s: 3 does not show events", state)
		}
	}
	m := inState(t, "report", 120, 40)
	if press(m, "T"); m.scope() != keys.InForm {
		t.Errorf("T in a report opens %T", m.top())
	}
}

// The form validates when it is edited or the fleet changes, not with each frame.
func TestFormValidatesOnce(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	c := m.conductor.(*tuitest.Conductor)
	press(m, "T")
	was := c.Checked
	for range 20 {
		m.Update(changedMsg{})
		m.View()
	}
	if c.Checked != was {
		t.Errorf("%d frames check the spec %d times", 20, c.Checked-was)
	}
	if press(m, "x"); c.Checked > was+1 || m.top().(*composing).Draft.Spec.Target != "http://127.0.0.1:8080/pingx" {
		t.Errorf("a key checks the spec %d times", c.Checked-was)
	}
	before := m.View()
	c.Leave(2)
	m.Update(changedMsg{})
	if now := m.View(); now == before || !strings.Contains(now, "from 2 drivers") {
		t.Errorf("a driver has left, and the form says:\n%s", now)
	}
}

// View has no side effects: drawing again gives the same frame, and positions are within bounds before
// drawing.
func TestViewReads(t *testing.T) {
	for name := range states {
		m := inState(t, name, 120, 40)
		if one, two := m.View(), m.View(); one != two {
			t.Errorf("%s: drawn twice differs", name)
		}
		at := fmt.Sprint(m.charts, m.events, m.history.At, m.drivers.DriverQuery)
		m.W, m.H = 200, 60
		m.View()
		if now := fmt.Sprint(m.charts, m.events, m.history.At, m.drivers.DriverQuery); now != at {
			t.Errorf("%s: drawing changes %s to %s", name, at, now)
		}
	}
}
