package tui

import (
	"testing"
)

// TestWhyAKeyDoesNothing: a key without an effect shows the reason, in a text that fits.
func TestWhyAKeyDoesNothing(t *testing.T) {
	for _, test := range []struct{ state, key, want string }{
		{"running", "T", "T (tsunami): a run is active"}, {"idle", "S", "S (stop): no run is active"}, {"idle", "+", "+ (rate): no Tsunami is active"},
		{"history", "t", "t (trend): only on Live and Drivers"}, {"past", "[", "[ (shorter): a past run is shown whole"},
	} {
		m := inState(t, test.state, 80, 24)
		press(m, test.key)
		contains(t, m, test.want)
	}
	m := inState(t, "idle", 80, 24)
	press(m, ":", "stop", "enter")
	contains(t, m, ":stop: no run is active")
}

// :theme names what it accepts, and says if there are no colours to choose.
func TestThemes(t *testing.T) {
	for _, name := range []string{"auto", "foo"} {
		m := inState(t, "idle", 120, 40)
		press(m, ":", "theme "+name, "enter")
		contains(t, m, "theme "+name+": must be one of dark, light, safe, none")
	}
	t.Setenv("NO_COLOR", "1")
	m := inState(t, "idle", 120, 40)
	press(m, ":", "theme light", "enter")
	contains(t, m, "theme light: no colours, because NO_COLOR is set")
}
