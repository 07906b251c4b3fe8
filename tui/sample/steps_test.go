package sample

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Groups follow the steps of a run, during it and in its report: passes, failed passes, and durations.
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

// Several scenarios precede the steps, with their iterations and users: those of the newest second, or the maximum in a report.
func TestScenariosAboveTheSteps(t *testing.T) {
	spec := loadgen.Spec{Scenarios: []loadgen.Scenario{{Name: "buy", Steps: []loadgen.Step{{Name: "pay", Get: "/"}}}, {Name: "look", Steps: []loadgen.Step{{Name: "list", Get: "/"}}}}}
	took := hdr.New()
	took.Record(5000)
	run := &fleet.Run{Spec: spec, Phase: fleet.Started, T0: time.UnixMilli(1), Users: fleet.Users{Scenarios: []loadgen.ScenarioCount{{Name: "look", Finished: 4}, {Name: "buy", Users: 9, Finished: 2, Failed: 1, Interrupted: 1, Time: took}}}}
	run.Intervals.Append(&fleet.Interval{Expected: 1, Present: 1, Parts: fleet.Parts{{Name: fleet.LabelIterations, Value: "buy"}: {Users: 7}}})
	v := Run{Active: true, T0: run.T0, Elapsed: time.Second}
	v.takeUsers(run)
	if len(v.Steps) != 4 || v.Steps[0].Name != "scenario buy" || v.Steps[0].Users != 7 || v.Steps[0].Requests != 4 || v.Steps[0].Failed != 1 || v.Steps[0].P50 < 4950 || v.Steps[2].Name != "pay" {
		t.Errorf("%+v", v.Steps)
	}
	steps := StepsOf(&report.Report{Named: []report.Named{{Name: "pay"}}, Scenarios: &report.Scenarios{Each: []report.Scenario{{Name: "buy", Iterations: 4, MaxUsers: 9}}}})
	if len(steps) != 2 || steps[0] != (Step{Name: "scenario buy", Scenario: true, Users: 9, Requests: 4}) {
		t.Errorf("%+v", steps)
	}
}
