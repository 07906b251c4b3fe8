package render

import (
	"strings"
	"testing"

	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

func htmlOf(t *testing.T, r *report.Report) string {
	t.Helper()
	var b strings.Builder
	if err := HTML(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHTMLIsWellFormed: every element that is opened is closed, and there is no script and no external reference.
func TestHTMLIsWellFormed(t *testing.T) {
	text := htmlOf(t, report.Build(reporttest.Healthy(), reporttest.T0.Add(reporttest.Seconds(10.1)), "v1"))
	wellFormed(t, text)
	for _, want := range []string{"10,000", "t-4f1c", "FINISHED", "host-drv-02", "<polyline"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestHTMLEscapesText(t *testing.T) {
	run := reporttest.Healthy()
	run.Spec.Target = `http://h/"><script>alert(1)</script>`
	run.Events = append(run.Events, fleet.Event{At: reporttest.T0.Add(reporttest.Seconds(3)), Kind: fleet.EventLost, NodeID: "drv-01", Text: "<img src=x onerror=y>"})
	text := htmlOf(t, report.Build(run, reporttest.T0.Add(reporttest.Seconds(10.1)), "v1"))
	if strings.Contains(text, "<script>") || strings.Contains(text, "<img") {
		t.Error("text from outside is not escaped")
	}
	if !strings.Contains(text, "&lt;img src=x onerror=y&gt;") {
		t.Error("the event is missing")
	}
}

// TestChartHasGaps: an interval in which nothing was measured splits a line and is not drawn as zero.
func TestChartHasGaps(t *testing.T) {
	r := report.Build(reporttest.Healthy(), reporttest.T0.Add(reporttest.Seconds(10.1)), "v1")
	r.Intervals[4].Coverage, r.Intervals[4].P50US, r.Intervals[4].P95US, r.Intervals[4].P99US = 0, 0, 0, 0
	for _, c := range chartsOf(r) {
		for _, l := range c.Lines {
			if l.Name != "asked" && len(l.Parts) != 2 { // what was asked is known in every second
				t.Errorf("%s, %s: %d parts, want 2", c.Title, l.Name, len(l.Parts))
			}
		}
	}
}
