package render

import (
	"bytes"
	"encoding/xml"
	"math/rand/v2"
	"testing"

	"landfall/loadgen/hdr"
	"landfall/node/report"
)

// measured returns a report of 40 seconds with latencies around us microseconds.
func measured(id string, us float64, seed uint64) *report.Report {
	rng := rand.New(rand.NewPCG(seed, 1))
	r := &report.Report{Schema: report.Schema, TestID: id, Kind: "tsunami", RateRPS: 100, Requests: 4000, Responses: 4000, Outcome: report.Passed,
		Coverage: report.Coverage{Drivers: 1, Requests: 1}, DurationMS: 40_000, Thresholds: []report.Threshold{{Expr: "p99<1s", Passed: true, Judged: true, Value: 900}}}
	for range 40 {
		b := report.Block{Seconds: 1, Requests: 100, Latency: hdr.New()}
		for range 100 {
			b.Latency.Record(int64(us * (1 + .3*rng.NormFloat64()*rng.Float64())))
		}
		r.Blocks = append(r.Blocks, b)
	}
	return r
}

func threeRuns() []*report.Report {
	return []*report.Report{measured("a", 5000, 1), measured("b", 5000, 2), measured("c", 5000, 3)}
}

func TestJUnit(t *testing.T) {
	r := measured("now", 6000, 4)
	r.Spec.Target = "http://a/?x=<&>"
	r.Outcome, r.Thresholds = report.Failed, append(r.Thresholds, report.Threshold{Expr: "failed<1%", Judged: true, Value: 3})
	r.Reasons = []string{"threshold failed<1% was crossed: 3%"}
	var b bytes.Buffer
	if err := JUnit(&b, r, report.Compared(threeRuns(), r, 0)); err != nil {
		t.Fatal(err)
	}
	var s junitSuite
	if err := xml.Unmarshal(b.Bytes(), &s); err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	failed := map[string]string{}
	for _, c := range s.Cases {
		if c.Failure != nil {
			failed[c.Name] = c.Failure.Message
		}
	}
	if s.Tests != 3+7 || s.Failures != len(failed) || failed["failed<1%"] != "3%" || failed["p50 against the baseline"] == "" || failed["p99<1s"] != "" || failed["run of http://a/?x=<&>"] != "" {
		t.Errorf("%d tests, %d failures: %q", s.Tests, s.Failures, failed)
	}
}
