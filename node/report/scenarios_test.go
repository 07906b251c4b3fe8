package report

import (
	"encoding/json"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// twoScenarios returns a run of three seconds with two scenarios.
func twoScenarios(t *testing.T) (*fleet.Run, *Report) {
	t.Helper()
	spec := thresholds()
	spec.Scenarios = []loadgen.Scenario{
		{Name: "browse", Steps: []loadgen.Step{{Name: "list", Get: "/"}, {Group: "page", Steps: []loadgen.Step{{Name: "item", Get: "/1"}}}}},
		{Name: "buy", Steps: []loadgen.Step{{Name: "pay", Post: "/pay"}}},
	}
	run, now := conducted(t, spec, 3, func(int) (int64, int64, int64) { return 10, 0, 1000 })
	took := hdr.New()
	took.Record(7000)
	run.Named = map[string]*loadgen.Named{"list": {Name: "list", Requests: 5}, "item": {Name: "item", Requests: 4, Errors: 1}, "pay": {Name: "pay", Requests: 9, Unexpected: 2}}
	run.Users = fleet.Users{Scenarios: []loadgen.ScenarioCount{{Name: "buy", Users: 3, Started: 9, Finished: 6, Failed: 2, Interrupted: 1, Time: took}, {Name: "browse", Started: 4, Finished: 4}}}
	in := run.Intervals.At(1)
	in.Checks, in.BadChecks, in.Delta.IterationsFailed = 12, 2, 2
	in.Parts[condition.Label{Name: fleet.LabelIterations}] = &fleet.Part{Requests: 7, P50US: 50, P95US: 95, P99US: 99}
	in.Parts[condition.Label{Name: fleet.LabelIterations, Value: "browse"}] = &fleet.Part{Requests: 2}
	in.Parts[condition.Label{Name: fleet.LabelIterations, Value: "buy"}] = &fleet.Part{Requests: 5, Unexpected: 2, Dropped: 1, Users: 3, Started: 6, P50US: 51, P95US: 96, P99US: 98}
	in.Parts[condition.Label{Name: fleet.LabelGroup, Value: "page"}] = &fleet.Part{Requests: 2, Unexpected: 1, P50US: 5, P95US: 6, P99US: 7}
	in.Parts[condition.Label{Name: "request", Value: "pay"}] = &fleet.Part{Requests: 9, Checks: 12, BadChecks: 2}
	in.Parts[condition.Label{Name: "request", Value: "list"}] = &fleet.Part{Requests: 5}
	return run, Build(run, now, "test")
}

// A scenario has its own counts, with the requests of its steps.
func TestFiguresByScenario(t *testing.T) {
	_, r := twoScenarios(t)
	each := r.Scenarios.Each
	if len(each) != 2 || each[0].Name != "browse" || each[0].Requests != 9 || each[0].BadRequests != 1 || each[0].Started != 4 {
		t.Fatalf("%+v", each)
	}
	if b := each[1]; b.Requests != 9 || b.BadRequests != 2 || b.Iterations != 9 || b.Started != 9 || b.MaxUsers != 3 || b.Time.P50 < 6900 {
		t.Errorf("%+v", b)
	}
}

// Figures by scenario and group survive encoding and parsing, and are not taken for those of requests.
func TestSecondsByScenario(t *testing.T) {
	_, r := twoScenarios(t)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = Parse(data); err != nil {
		t.Fatal(err)
	}
	in := r.Intervals[1]
	if in.IterP50US != 50 || in.IterP95US != 95 || in.IterP99US != 99 || in.IterFailed != 2 || in.Checks != 12 || in.BadChecks != 2 {
		t.Errorf("%+v", in)
	}
	if len(in.Scenarios) != 2 || in.Scenarios[0] != (ScenarioSecond{Name: "browse", Iterations: 2}) ||
		in.Scenarios[1] != (ScenarioSecond{Name: "buy", Users: 3, Started: 6, Iterations: 5, Failed: 2, Dropped: 1, P50US: 51, P95US: 96, P99US: 98}) {
		t.Errorf("%+v", in.Scenarios)
	}
	if len(in.Groups) != 1 || in.Groups[0] != (GroupSecond{"page", 2, 1, 5, 6, 7}) {
		t.Errorf("%+v", in.Groups)
	}
	if len(in.Parts) != 2 || in.Parts[1] != (Part{Label: "request=pay", Requests: 9, Checks: 12, BadChecks: 2}) {
		t.Errorf("%+v", in.Parts)
	}
	if first := r.Intervals[0]; len(first.Scenarios)+len(first.Groups) != 0 {
		t.Errorf("%+v", first)
	}
}

// A report with a negative count of a scenario is refused.
func TestNegativeCountOfAScenario(t *testing.T) {
	_, r := twoScenarios(t)
	r.Scenarios.Each[1].Started = -1
	data, _ := json.Marshal(r)
	if _, err := Parse(data); err == nil {
		t.Error("accepted")
	}
}
