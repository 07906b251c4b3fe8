package panel

import (
	"testing"

	"landfall/node/fleet"
	"landfall/node/report"
)

// A past run has the heat map of its report, or none.
func TestPastHasAHeatMap(t *testing.T) {
	rate := 10.0
	r := &report.Report{Intervals: []report.Interval{{RateRPS: &rate, Coverage: 1, Spread: &report.Spread{PerDecade: fleet.HeatPerDecade, First: 4, Counts: []uint32{7}}}, {RateRPS: &rate, Coverage: 1}}}
	if p := PastOf(r); len(p.Window.Heat) != 2 || p.Window.Heat[0][4] != 7 || p.Window.Heat[1][4] != 0 {
		t.Errorf("%v", p.Window.Heat)
	}
	r.Intervals[0].Spread = nil
	if p := PastOf(r); p.Window.Heat != nil {
		t.Errorf("%v of a report without spreads", p.Window.Heat)
	}
}

// A second of a past run that only some drivers reported is a lower bound, as it was while the run was
// active.
func TestPastHasLowerBounds(t *testing.T) {
	rate := 10.0
	r := &report.Report{Intervals: []report.Interval{{RateRPS: &rate, Coverage: 1}, {RateRPS: &rate, Coverage: 0.8}, {RateRPS: &rate, Coverage: 0.999}}}
	if got := PastOf(r).Window.Partial; got[0] || !got[1] || got[2] {
		t.Errorf("lower bounds: %v", got)
	}
}

// Failed requests of a past run are errors and unexpected responses, as they were while the run was active.
func TestPastHasFailures(t *testing.T) {
	rate := 10.0
	r := &report.Report{Intervals: []report.Interval{{RateRPS: &rate, Coverage: 1, Requests: 20, Responses: 19, Errors: 1, Unexpected: 3}, {RateRPS: &rate, Coverage: 1}}}
	if got := PastOf(r).Window.Failed; got[0] != 2 || got[1] != 0 { // requests are of two seconds
		t.Errorf("failed %v", got)
	}
}
