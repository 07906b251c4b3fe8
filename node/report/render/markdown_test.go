package render

import (
	"bytes"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/report"
)

// Text from outside is escaped in Markdown.
func TestMarkdown(t *testing.T) {
	r := measured("now", 6000, 4)
	r.Spec.Target, r.Reasons = "http://a/|<script>`x`", []string{"![x](http://evil)\n# big"}
	var b bytes.Buffer
	if err := Markdown(&b, r); err != nil {
		t.Fatal(err)
	}
	if err := ComparisonMarkdown(&b, report.Compared(threeRuns(), r, 0)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script>", "/|", "`x`", "![", "\n# "} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("%q in\n%s", bad, b.String())
		}
	}
	for _, want := range []string{"## ✓ PASSED", "| ✓ | p99\\&lt;1s"[:8], "### Against 3 baseline runs", "slower ("} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// Markdown has the tables of scenarios, and names do not break them.
func TestMarkdownOfScenarios(t *testing.T) {
	var b strings.Builder
	err := Markdown(&b, &report.Report{Named: []report.Named{{Name: "login"}}, Scenarios: &report.Scenarios{
		Iterations: 12, Failed: 2, MaxUsers: 4, Each: []report.Scenario{{Name: "a|b", Started: 13, Requests: 40}, {Name: "c"}},
		Groups: []report.Group{{Name: "pay", Passes: 9, Failed: 1}}, Checks: []loadgen.CheckCount{{Step: "login", Check: "ok", Passed: 3}},
		Failures: []loadgen.IterationFailure{{Step: "login", Reason: "status 500", Count: 2}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| step |", "**Iterations**", "| all | 4 | 12 |", `| a\|b | 13 | 0 | 40 | 0 |`, "| pay | 9 | 1 |", "| ok | login | 3 | 0 |", "| status 500 | login | 2 |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
