package report

import (
	"testing"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// TestConditionsOfScenarios: iterations and checks are judged over the measured part, and by check, step and scenario.
func TestConditionsOfScenarios(t *testing.T) {
	run := reporttest.Healthy()
	run.Spec.Warmup = loadgen.Duration(reporttest.Seconds(2))
	run.Spec.Scenarios = []loadgen.Scenario{{Name: "browse", Steps: []loadgen.Step{{Name: "home", Get: "/"}}}, {Name: "buy", Steps: []loadgen.Step{{Name: "pay", Post: "/pay"}, {Name: "thank", Get: "/thanks"}}}}
	run.Users.Iteration = reporttest.Histogram(1_000_000, 2_000_000, 3_000_000)
	part := func(i *fleet.Interval, name, value string, made, failed int64) {
		p := i.Parts.Of(name, value)
		p.Requests, p.Checks, p.BadChecks = made, made, failed
	}
	for n, i := range run.Intervals.All() {
		i.Parts = fleet.Parts{}
		part(i, "request", "home", 100, 0)
		part(i, "request", "pay", 50, 5)
		part(i, "request", "thank", 50, 0)
		part(i, "check", "paid", 50, 5)
		i.Checks, i.BadChecks = 200, 5
		if n < 2 {
			i.BadChecks = 200 // in the warm-up
		}
	}
	for expr, want := range map[string]Threshold{
		"iteration.p50<2500ms":        {Value: 2_000_896, Passed: true, Judged: true},
		"iteration.max<2s":            {Value: 3_000_320, Judged: true},
		"checks>97%":                  {Value: 97.5, Passed: true, Judged: true},
		"checks[5s]>98%":              {Value: 97.5, Judged: true},
		"checks{check=paid}>95%":      {Value: 90, Judged: true},
		"checks{check=absent}>95%":    {},
		"checks{step=home}==800":      {Value: 800, Passed: true, Judged: true},
		"checks{scenario=buy}>=95%":   {Value: 95, Passed: true, Judged: true},
		"requests{scenario=buy}==800": {Value: 800, Passed: true, Judged: true},
	} {
		run.Spec.Thresholds = []loadgen.Threshold{{Expr: expr}}
		got := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0").Thresholds[0]
		if near := got.Value >= want.Value*.99 && got.Value <= want.Value*1.01; !near || got.Passed != want.Passed || got.Judged != want.Judged {
			t.Errorf("%s: %+v, want %+v", expr, got, want)
		}
	}
}
