package report

import (
	"slices"
	"testing"
)

// A reason of several drivers is stated once, with their number.
func TestReasonsAreGrouped(t *testing.T) {
	g := Generator{Reasons: []string{"drv-1: its schedule: requests were sent late", "drv-1: its connections: all were busy", "drv-2: its schedule: requests were sent late", "drv-3: CPU: 98% of 2 cores used", "unknown"}}
	want := []string{"2 drivers: their schedule: requests were sent late", "drv-1: its connections: all were busy", "drv-3: CPU: 98% of 2 cores used", "unknown"}
	if got := g.Grouped(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
