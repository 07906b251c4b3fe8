package tui

import "testing"

// Below the list of drivers are the properties of the selected one and, while a run is active, its charts.
func TestDriversPage(t *testing.T) {
	for state, wants := range map[string][]string{
		"idle": {"may load", "last heartbeat", "zone=eu-1"}, "running": {"may load", "Throughput of drv-01", "Latency of drv-01"}, "ended": {"may load"},
	} {
		m := inState(t, state, 120, 40)
		press(m, "2")
		contains(t, m, wants...)
		press(m, "down")
		contains(t, m, "drv-02 ─")
	}
}
