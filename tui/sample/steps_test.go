package sample

import (
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Groups stand behind the steps of a run, while it lasts and in its report: passes, how many failed, and their time.
func TestGroupsAmongTheSteps(t *testing.T) {
	spec := loadgen.Spec{Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
		{Group: "checkout", Steps: []loadgen.Step{{Name: "cart", Get: "/cart"}, {Name: "pay", Get: "/pay"}}}, {Group: "later", Steps: []loadgen.Step{{Name: "out", Get: "/out"}}},
	}}}}
	took := hdr.New()
	for range 9 {
		took.Record(5000)
	}
	var v Run
	v.takeUsers(&fleet.Run{Spec: spec, Users: fleet.Users{Groups: []loadgen.Group{{Name: "checkout", Failed: 1, Time: took}}}})
	if len(v.Steps) != 5 {
		t.Fatalf("%+v", v.Steps)
	}
	if g := v.Steps[3]; g.Name != "group checkout" || g.Requests != 10 || g.Failed != 1 || g.P50 < 4950 || g.P50 > 5050 || g.P99 < 4950 {
		t.Errorf("%+v", g)
	}
	if g := v.Steps[4]; g.Name != "group later" || g.Requests != 0 || g.P50 != 0 {
		t.Errorf("%+v", g)
	}
	steps := StepsOf(&report.Report{Named: []report.Named{{Name: "cart"}}, Scenarios: &report.Scenarios{Groups: []report.Group{{Name: "checkout", Passes: 10, Failed: 1, Time: report.Latency{P50: 5000}}}}})
	if len(steps) != 2 || steps[1] != (Step{Name: "group checkout", Requests: 10, Failed: 1, P50: 5000}) {
		t.Errorf("%+v", steps)
	}
}
