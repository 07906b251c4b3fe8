package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/remote/hosts"
	"landfall/tui/tuitest"
)

// fakeHosts records its calls.
type fakeHosts struct {
	asked  []string
	states []hosts.State
}

func (f *fakeHosts) Up(_ context.Context, args []string) error {
	f.asked = append(f.asked, "up "+strings.Join(args, " "))
	if slices.Contains(args, "bad") {
		return errors.New("host bad:\nno")
	}
	return nil
}

func (f *fakeHosts) Down(_ context.Context, args []string) error {
	f.asked = append(f.asked, "down "+strings.Join(args, " "))
	return nil
}

func (f *fakeHosts) States() []hosts.State { return f.states }

func withHosts(n, w, h int) (*model, *fakeHosts) {
	c := tuitest.New()
	c.Drivers(n)
	m := console(c, w, h)
	f := &fakeHosts{}
	m.config.Hosts = f
	m.actions = append(m.actions, hostActions()...)
	return m, f
}

func TestFleetCommand(t *testing.T) {
	for name, c := range map[string]struct {
		keys  []string
		asked []string
		says  string
	}{
		"up":             {[]string{":", "fleet up a b --per-host 2", "enter"}, []string{"up a b --per-host 2"}, "fleet up: 0 of 0 hosts up"},
		"up fails":       {[]string{":", "fleet up bad", "enter"}, []string{"up bad"}, "fleet up: host bad:; no"},
		"down":           {[]string{":", "fleet down --purge", "enter", "y"}, []string{"down --purge"}, "fleet down: done"},
		"down, no":       {[]string{":", "fleet down", "enter", "enter"}, nil, ""},
		"something else": {[]string{":", "fleet dance", "enter"}, nil, "fleet dance: must be up HOST"},
		"no hosts yet":   {[]string{":", "fleet", "enter"}, nil, "No hosts."},
		"status":         {[]string{":", "fleet status", "enter"}, nil, "No hosts."},
	} {
		t.Run(name, func(t *testing.T) {
			m, f := withHosts(2, 100, 30)
			press(m, c.keys...)
			if !slices.Equal(f.asked, c.asked) {
				t.Errorf("asked %q, want %q", f.asked, c.asked)
			}
			if !strings.Contains(m.View(), c.says) {
				t.Errorf("does not say %q:\n%s", c.says, m.View())
			}
		})
	}
}

// TestTextThatArrivesTogether: as one message, "up" would be taken for the key.
func TestTextThatArrivesTogether(t *testing.T) {
	m, f := withHosts(2, 100, 30)
	for _, text := range []string{":fleet", " ", "up", " ", "esc"} {
		_, cmd := m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
		carry(m, cmd)
	}
	press(m, "enter")
	if !slices.Equal(f.asked, []string{"up esc"}) {
		t.Errorf("asked %q", f.asked)
	}
}

func TestHostsStandBelowTheDrivers(t *testing.T) {
	for _, n := range []int{0, 3, 100} {
		m, f := withHosts(n, 80, 24)
		f.states = []hosts.State{{Host: "alpha", Phase: hosts.Up, Since: time.Now()}, {Host: "beta", Phase: hosts.Unreachable, Detail: "refused; again in 2s", Since: time.Now()}}
		press(m, "2")
		view := m.View()
		lines := strings.Split(view, "\n")
		if len(lines) != 24 || !strings.Contains(view, "1 of 2 hosts up") || !strings.Contains(view, "beta  unreachable  refused") || strings.Contains(view, "alpha") {
			t.Errorf("%d drivers, %d lines:\n%s", n, len(lines), view)
		}
		for range 100 {
			press(m, "down")
		}
		if n > 0 && !strings.Contains(m.View(), "▸") {
			t.Errorf("what is selected is not seen:\n%s", m.View())
		}
		press(m, ":", "fleet", "enter")
		if view := m.View(); !strings.Contains(view, "alpha") || !strings.Contains(view, "unreachable") {
			t.Errorf("the table:\n%s", view)
		}
	}
	m, f := withHosts(1, 80, 24)
	for range 40 {
		f.states = append(f.states, hosts.State{Host: "h", Phase: hosts.Failed})
	}
	press(m, "2")
	if n := strings.Count(m.View(), "✖ h"); n != maxHostLines-2 {
		t.Errorf("%d lines about hosts:\n%s", n, m.View())
	}
}

// The result is shown once no host is starting any more: why one failed, not only that the command ended.
func TestFleetUpNamesTheFailure(t *testing.T) {
	m, f := withHosts(2, 100, 30)
	f.states = []hosts.State{{Host: "nosuch", Phase: hosts.Connecting, Since: time.Now()}}
	press(m, ":", "fleet up nosuch", "enter")
	contains(t, m, "fleet up: 0 of 1 hosts up")
	f.states[0].Phase, f.states[0].Detail = hosts.Failed, "no such host"
	m.Update(changedMsg{})
	contains(t, m, "fleet up: nosuch failed: no such host")
}
