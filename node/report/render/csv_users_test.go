package render

import (
	"bytes"
	"encoding/csv"
	"testing"

	"landfall/node/report"
)

// Scenarios, groups and checks have columns of their own, after those of requests; seconds without them have zeros.
func TestCSVHasScenarios(t *testing.T) {
	r := &report.Report{Scenarios: &report.Scenarios{}, Intervals: []report.Interval{
		{AtMS: 0, Users: 3, Iterations: 2},
		{
			AtMS: 1000, Users: 5, Iterations: 7, IterFailed: 1, IterP50US: 50, IterP95US: 95, IterP99US: 99, Checks: 12, BadChecks: 2,
			Scenarios: []report.ScenarioSecond{{Name: "buy", Users: 4, Started: 6, Iterations: 5, Failed: 1, Dropped: 8, P50US: 51, P95US: 96, P99US: 98}},
			Groups:    []report.GroupSecond{{Name: "pay", Passes: 3, Failed: 1, P50US: 5, P95US: 6, P99US: 7}},
			Parts:     []report.Part{{Label: "request=login", Requests: 9, Checks: 12, BadChecks: 2}},
		},
	}}
	var b bytes.Buffer
	if err := CSV(&b, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v: %q", err, rows)
	}
	for i, want := range []map[string]string{
		{"users": "3", "iterations": "2", "iterations failed": "0", "iteration p50_us": "", "scenario=buy users": "0", "scenario=buy p50_us": "", "group=pay passes": "0", "request=login checks": "0"},
		{
			"users": "5", "iterations": "7", "iterations failed": "1", "iteration p50_us": "50", "iteration p95_us": "95", "iteration p99_us": "99", "checks": "12", "checks failed": "2",
			"scenario=buy users": "4", "scenario=buy started": "6", "scenario=buy iterations": "5", "scenario=buy failed": "1", "scenario=buy dropped": "8", "scenario=buy p50_us": "51", "scenario=buy p99_us": "98",
			"group=pay passes": "3", "group=pay failed": "1", "group=pay p95_us": "6", "request=login requests": "9", "request=login checks": "12", "request=login checks failed": "2",
		},
	} {
		got := map[string]string{}
		for k, name := range rows[0] {
			got[name] = rows[i+1][k]
		}
		for name, value := range want {
			if v, ok := got[name]; !ok || v != value {
				t.Errorf("second %d, %s: %q, want %q", i, name, v, value)
			}
		}
	}
}
