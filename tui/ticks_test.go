package tui

import (
	"testing"
)

// Drivers are selected in a list; selecting all is the same as "all", and selecting none is refused.
func TestTickDrivers(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	f := m.top().(*composing)
	for f.AtHand() != "drivers" {
		press(m, "down")
	}
	press(m, " ")
	contains(t, m, "[✓] drv-01", "3 of 3")
	press(m, " ", "enter")
	if got := f.Value("drivers"); got != "drv-02,drv-03" {
		t.Errorf("drivers are %q", got)
	}
	press(m, " ", "a", "enter")
	if got := f.Value("drivers"); got != "all" {
		t.Errorf("all ticked are %q", got)
	}
	press(m, " ", "a", "enter")
	contains(t, m, "select at least one driver")
	press(m, "esc")
	if m.top() != f {
		t.Error("esc leaves more than the list")
	}
}
