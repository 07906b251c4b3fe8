package tui

import "testing"

// TestHistoryOfAnActiveRun: the active run has its figures in the list and its charts below, not a blank.
func TestHistoryOfAnActiveRun(t *testing.T) {
	m := inState(t, "running", 120, 40)
	press(m, "4")
	contains(t, m, "● running", "3k/s", "Throughput", "126,000", "responses")
}
