package report

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/report/reporttest"
)

// TestSummaryMatchesTheReport: a summary has the same figures as the whole report.
func TestSummaryMatchesTheReport(t *testing.T) {
	run := reporttest.Faulty()
	run.Spec.Thresholds = []loadgen.Threshold{{Expr: "p99<1us"}}
	text, err := json.Marshal(Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0"))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Summarize(text)
	want := Summary{whole.Outcome, whole.DurationMS, whole.Requests, whole.Failed, whole.RateRPS, whole.AskedRateRPS, whole.Latency, whole.Thresholds, got.Trend, whole.Capacity}
	if err != nil || !reflect.DeepEqual(got, want) || got.Failed == 0 || len(got.Thresholds) != 1 {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
}

// The trend of a run has the mean rate of each part. What is not known is not zero, and the last, partial second is left out.
func TestTrend(t *testing.T) {
	rate := func(v float64) *float64 { return &v }
	if got := Trend([]*float64{rate(10), nil, rate(30), nil}); len(got) != 3 || got[0] != 10 || !math.IsNaN(got[1]) || got[2] != 30 {
		t.Errorf("%v", got)
	}
	var long []*float64
	for i := range 64 {
		long = append(long, rate(float64(i)))
	}
	if got := Trend(long); len(got) != 32 || got[0] != 0.5 || got[31] != 62.5 {
		t.Errorf("%v", got)
	}
	if got := Trend(nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
	whole := Build(reporttest.Faulty(), reporttest.T0.Add(reporttest.Seconds(11)), "1.0")
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Summarize(text); err != nil || len(got.Trend) == 0 || got.Trend[0] != *whole.Intervals[0].RateRPS {
		t.Errorf("%v, %v", got.Trend, err)
	}
}

func TestSummaryIsCleanAndBounded(t *testing.T) {
	s, err := Summarize([]byte(`{"schema":1,"outcome":"failed","thresholds":[{"expr":"\u001b[2J"}]}`))
	if err != nil || strings.ContainsFunc(s.Thresholds[0].Expr, shownWrong) {
		t.Errorf("%+v, %v", s, err)
	}
	for name, text := range map[string]string{
		"not JSON":           `{`,
		"another schema":     `{"schema":99,"outcome":"passed"}`,
		"an unknown outcome": `{"schema":1,"outcome":"fine"}`,
		"a negative count":   `{"schema":1,"outcome":"passed","requests":-1}`,
		"too many":           `{"schema":1,"outcome":"passed","thresholds":[` + strings.Repeat("{},", 2<<20) + `{}]}`,
	} {
		if s, err := Summarize([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
