package render

import (
	"testing"

	"landfall/node/report"
)

// A report has charts of users and of iteration times; an older one, without iteration times by the second, only the former.
func TestChartsOfUsers(t *testing.T) {
	r := &report.Report{Scenarios: &report.Scenarios{Each: []report.Scenario{{Name: "buy"}}}, Intervals: []report.Interval{{Users: 3, Coverage: 1}, {AtMS: 1000, Users: 5, Coverage: 1}}}
	if charts := userCharts(r); len(charts) != 1 || charts[0].Title != "Users" || len(charts[0].Lines[0].Parts) != 1 || len(charts[0].Lines[1].Parts) != 0 {
		t.Errorf("%+v", charts)
	}
	for i := range r.Intervals {
		r.Intervals[i].IterP95US, r.Intervals[i].Scenarios = 900, []report.ScenarioSecond{{Name: "buy", Users: 2, P95US: 800}}
	}
	charts := userCharts(r)
	if len(charts) != 2 || len(charts[0].Lines) != 2 || len(charts[1].Lines[1].Parts) != 1 {
		t.Errorf("%+v", charts)
	}
	if r.Scenarios = nil; userCharts(r) != nil {
		t.Error("charts of users without scenarios")
	}
}
