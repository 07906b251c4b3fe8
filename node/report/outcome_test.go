package report

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

func TestOutcome(t *testing.T) {
	cases := []struct {
		name   string
		change func(*fleet.Run)
		want   Outcome
		reason string
	}{
		{"no thresholds", func(*fleet.Run) {}, Finished, ""},
		{"thresholds that hold", func(r *fleet.Run) { r.Spec.Thresholds = []loadgen.Threshold{{Expr: "p99<1s"}} }, Passed, ""},
		{"still running", func(r *fleet.Run) {
			r.Phase, r.Drivers["drv-01"].Planned, r.Drivers["drv-01"].Final = fleet.Started, true, false
		}, Running, ""},
		{"every answer 500", func(r *fleet.Run) {
			r.Total.Unexpected, r.Total.Statuses = 10000, map[string]int64{"500": 9990, "503": 10}
		}, Failed, "no request succeeded: every response was unexpected (500 × 9,990, 503 × 10)"},
		{"errors and unexpected responses only", func(r *fleet.Run) {
			r.Total = loadgen.Counts{Requests: 10, Responses: 4, Unexpected: 4, Errors: map[loadgen.Class]int64{loadgen.ErrRead: 6}, Statuses: map[string]int64{"500": 4}}
		}, Failed, "no request succeeded"},
		{"every answer 500, with a threshold", func(r *fleet.Run) {
			r.Spec.Thresholds = []loadgen.Threshold{{Expr: "p99<1s"}, {Expr: "unexpected<1%"}}
			r.Total.Unexpected, r.Total.Statuses = 10000, map[string]int64{"500": 10000}
		}, Failed, "threshold unexpected<1% was crossed: 100%\nno request succeeded"},
		{"one of them succeeded", func(r *fleet.Run) { r.Total.Unexpected = 9999 }, Finished, ""},
		{"stopped", func(r *fleet.Run) { r.StopBy, r.StopWhy = "ana", "lunch" }, Interrupted, "stopped by ana: lunch"},
		{"aborted", func(r *fleet.Run) { r.StopBy, r.StopWhy, r.Aborted = "ana", "threshold p99<1ms crossed: 3", true }, Aborted, "threshold p99"},
		{"refused", func(r *fleet.Run) { r.Phase = fleet.Refused }, Failed, "the run was refused"},
		{"no answer", func(r *fleet.Run) {
			r.Total = loadgen.Counts{Requests: 10, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 10}}
		}, Failed, "no request was answered (errors: 10 connect)"},
		{"nothing", func(r *fleet.Run) { r.Total = loadgen.Counts{} }, Failed, "no request was sent"},
		{"too few", func(r *fleet.Run) { r.Spec.Duration, r.Spec.Count = 0, 10001 }, Failed, "1 of 10001 requests were not sent"},
		{"cut short", func(r *fleet.Run) {
			for _, c := range r.Drivers {
				c.LastEnd = reporttest.Seconds(7.5)
			}
		}, Failed, "the load ended after 7.5s of 10.0s"},
		{"ramped down to 0", func(r *fleet.Run) {
			r.Plans[0].Schedule = []loadgen.Stage{{Duration: loadgen.Duration(reporttest.Seconds(7)), To: 1000}, {Duration: loadgen.Duration(reporttest.Seconds(3))}}
			r.Plans[0].Schedule[1].From = new(float64)
			for _, c := range r.Drivers {
				c.LastEnd = reporttest.Seconds(7.5)
			}
		}, Finished, ""},
		{"one driver ended early", func(r *fleet.Run) { r.Drivers["drv-01"].LastEnd = reporttest.Seconds(3) }, Finished, ""},
		{"all lost", func(r *fleet.Run) {
			for _, c := range r.Drivers {
				c.Final, c.LostAt = false, time.Second
			}
		}, Failed, "every driver was lost"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			run := reporttest.Healthy()
			c.change(run)
			r := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
			if r.Outcome != c.want || !strings.Contains(strings.Join(r.Reasons, "\n"), c.reason) {
				t.Errorf("%s %q, want %s because of %q", r.Outcome, r.Reasons, c.want, c.reason)
			}
		})
	}
}
