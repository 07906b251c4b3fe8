package report

import (
	"encoding/json"
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
	want := Summary{whole.Outcome, whole.DurationMS, whole.Requests, whole.Failed, whole.RateRPS, whole.Latency, whole.Thresholds}
	if err != nil || !reflect.DeepEqual(got, want) || got.Failed == 0 || len(got.Thresholds) != 1 {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
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
