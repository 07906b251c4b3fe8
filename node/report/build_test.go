package report

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// long returns a run of ten minutes.
func long() *fleet.Run {
	run := reporttest.Faulty()
	for run.Intervals.Len() < 600 {
		run.Intervals.Append(run.Intervals.At(run.Intervals.Len() % 10))
	}
	for _, c := range run.Drivers {
		c.LastEnd = reporttest.Seconds(600)
	}
	return run
}

// TestDiagnoseMatchesTheReport: Diagnose and Seconds return what Build does, with a fraction of the allocations.
func TestDiagnoseMatchesTheReport(t *testing.T) {
	run, now := long(), reporttest.T0.Add(reporttest.Seconds(601))
	whole, part, seconds := Build(run, now, "1.0"), Diagnose(run, now), Seconds(run, now)
	for name, pair := range map[string][2]any{
		"findings": {whole.Findings, part.Findings}, "failures": {whole.Failures, part.Failures}, "exchanges": {whole.Exchanges, part.Exchanges},
		"slowest": {whole.Slowest, part.Slowest}, "unexpected_by": {whole.UnexpectedBy, part.UnexpectedBy}, "intervals": {whole.Intervals, seconds.Intervals},
	} {
		a, _ := json.Marshal(pair[0])
		b, _ := json.Marshal(pair[1])
		if string(a) != string(b) {
			t.Errorf("%s: %s, the report has %s", name, b, a)
		}
	}
	if len(seconds.Intervals) == 0 {
		t.Error("no intervals")
	}
	all, some := testing.AllocsPerRun(3, func() { Build(run, now, "1.0") }), testing.AllocsPerRun(3, func() { Diagnose(run, now) })
	if some*4 > all {
		t.Errorf("%v allocations, the whole report takes %v", some, all)
	}
}

// The rate is that of the whole time in which requests were sent or could not be sent: those that were due when the target went down are
// attempted until their patience ends, after the end of the plan.
func TestRateOfARunThatGoesOnAfterItsPlan(t *testing.T) {
	run := reporttest.Healthy()
	for range 8 {
		run.Intervals.Append(&fleet.Interval{Present: 3, Expected: 3, Delta: loadgen.Counts{Requests: 50, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 50}}})
	}
	run.Total.Requests += 400
	run.Total.Errors = map[loadgen.Class]int64{loadgen.ErrConnect: 400}
	for _, c := range run.Drivers {
		c.LastEnd = reporttest.Seconds(18)
	}
	r := Build(run, reporttest.T0.Add(reporttest.Seconds(20)), "1.0")
	if want := 10_400. / 18; math.Abs(r.RateRPS-want) > 0.01 || r.AskedRateRPS != 1000 {
		t.Errorf("%v/s of %v/s, want %v/s", r.RateRPS, r.AskedRateRPS, want)
	}
	if last := r.Intervals[len(r.Intervals)-1]; len(r.Intervals) != 18 || last.RateRPS == nil || *last.RateRPS != 50 {
		t.Errorf("%d intervals, the last one: %+v", len(r.Intervals), last)
	}
	if got := strings.Join(r.Warnings, "\n"); !strings.Contains(got, "the rate was 57.8% of the requested rate") {
		t.Errorf("warnings: %s", got)
	}
}

func BenchmarkBuild(b *testing.B) {
	run, now := long(), reporttest.T0.Add(reporttest.Seconds(601))
	for _, c := range []struct {
		name string
		make func()
	}{{"report", func() { Build(run, now, "1.0") }}, {"diagnosis", func() { Diagnose(run, now) }}, {"seconds", func() { Seconds(run, now) }}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.make()
			}
		})
	}
}
