package engine

import (
	"testing"
	"time"

	"landfall/loadgen"
)

// The time of a group includes its steps and their think time. A pass of a failed iteration has no time.
func TestGroupsAreTimed(t *testing.T) {
	spec := loadgen.Spec{Users: 2, Count: 8, Duration: loadgen.Duration(time.Minute), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
		{Get: "/before"},
		{Group: "outer", Steps: []loadgen.Step{
			{Get: "/first"}, {Think: "300ms"},
			{Repeat: 3, Steps: []loadgen.Step{{Group: "inner", Steps: []loadgen.Step{{Think: "100ms"}, {Get: "/second"}}}}},
		}},
		{Think: "1s"},
		{Group: "broken", Steps: []loadgen.Step{{Get: "/third", Extract: map[string]loadgen.Extract{"x": {Header: "Nowhere"}}}}},
	}}}}
	list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Quota: 8}, func(time.Duration) {}, nil)
	var groups []loadgen.Group
	for _, s := range list {
		groups = loadgen.AddGroups(groups, s.Groups)
	}
	if len(groups) != 3 {
		t.Fatalf("%+v", groups)
	}
	for i, want := range []struct {
		name          string
		passes, fails int64
		took          time.Duration
	}{{"outer", 8, 0, 600 * time.Millisecond}, {"inner", 24, 0, 100 * time.Millisecond}, {"broken", 0, 8, 0}} {
		g := groups[i]
		if g.Name != want.name || g.Time.Count() != want.passes || g.Failed != want.fails {
			t.Errorf("%s: %d passes, %d failed, want %+v", g.Name, g.Time.Count(), g.Failed, want)
		}
		if took := time.Duration(g.Time.Quantile(.5)) * time.Microsecond; took < want.took*99/100 || took > want.took*101/100 {
			t.Errorf("%s took %v, want %v", g.Name, took, want.took)
		}
	}
}
