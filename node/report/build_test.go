package report

import (
	"encoding/json"
	"testing"

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
