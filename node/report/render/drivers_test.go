package render

import (
	"slices"
	"testing"

	"landfall/node/report"
)

// Drivers with the same reason share a line.
func TestCausesAreGrouped(t *testing.T) {
	const schedule, cpu = "its schedule: requests were sent late although connections were free", "its CPU: more than 90% of 2 cores was used"
	r := &report.Report{Generator: report.Generator{Reasons: []string{"d1: " + schedule, "d1: " + cpu, "d2: " + schedule, "d3: " + schedule, "unknown"}}}
	want := []string{"3 drivers: their schedule: requests were sent late although connections were free", "d1: " + cpu, "unknown"}
	if got := causes(r); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
