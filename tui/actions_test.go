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
