package render

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/report"
)

// The page shows iterations, groups, checks and why iterations failed, and escapes their names.
func TestHTMLOfScenarios(t *testing.T) {
	r := &report.Report{Kind: string(loadgen.Avalanche), Outcome: report.Finished, Scenarios: &report.Scenarios{
		Iterations: 1200, Finished: 1150, Failed: 50, PerSecond: 20.5, Time: report.Latency{P50: 900_000},
		Each:     []report.Scenario{{Name: "browse", Iterations: 1000}, {Name: "buy", Started: 202, Iterations: 200, Failed: 50, MaxUsers: 7, Requests: 800, BadRequests: 51}},
		Groups:   []report.Group{{Name: "<checkout>", Passes: 400, Failed: 7, Time: report.Latency{P50: 250_000, P95: 400_000, P99: 1_500_000}}},
		Checks:   []loadgen.CheckCount{{Step: "login", Check: "has a token", Passed: 1190, Failed: 10}},
		Failures: []loadgen.IterationFailure{{Step: "pay", Reason: "status 500", Count: 43}},
	}}
	var b bytes.Buffer
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(b.String(), " ")
	text = strings.Join(strings.Fields(text), " ")
	for _, want := range []string{
		"Iterations most users iterations per second failed interrupted p50 p95 p99 all – 1,200 20.5 50 0 900ms", "browse – 1,000", "buy 7 200 0 50", "Scenarios scenario started dropped requests failed requests browse 0 0 0 0 buy 202 0 800 51", "Groups group passes failed p50 p95 p99 &lt;checkout&gt; 400 7 250ms 400ms 1.5s",
		"Checks check step passed failed has a token login 1,190 10", "Why iterations failed reason step iterations status 500 pay 43",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	b.Reset()
	r.Scenarios = nil
	if err := HTML(&b, r); err != nil || strings.Contains(b.String(), "Iterations") {
		t.Errorf("a report without scenarios: %v", err)
	}
}
