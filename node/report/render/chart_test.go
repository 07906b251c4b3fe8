package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/capacity"
	"landfall/node/report"
	"landfall/node/report/reporttest"
)

// wellFormed checks that each element of a page is closed and that the page is self-contained.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	_, body, _ := strings.Cut(text, "</style>")
	d := xml.NewDecoder(strings.NewReader("<html>" + body))
	d.Entity = xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, refused := range []string{"<script", "src=", "href=", "url("} {
		if strings.Contains(text, refused) {
			t.Errorf("the page has %q", refused)
		}
	}
}

func healthy() *report.Report {
	return report.Build(reporttest.Healthy(), reporttest.T0.Add(reporttest.Seconds(10.1)), "v1")
}

// TestChartsByRequest: the most frequent requests have a line each, with a gap where one was not sent.
func TestChartsByRequest(t *testing.T) {
	r := healthy()
	if charts := requestCharts(r); charts != nil {
		t.Errorf("a run without named requests: %+v", charts)
	}
	for i := range 9 {
		r.Named = append(r.Named, report.Named{Name: string(rune('a' + i)), Requests: int64(100 - i)})
	}
	for i := range r.Intervals {
		r.Intervals[i].Parts = []report.Part{{Label: "request=a", Requests: 7, P99US: 2000}}
		if i != 4 {
			r.Intervals[i].Parts = append(r.Intervals[i].Parts, report.Part{Label: "request=b", Requests: 3, P99US: 3000})
		}
	}
	charts := requestCharts(r)
	if len(charts) != 2 || len(charts[1].Lines) != len(lineClasses) || len(charts[1].Lines[0].Parts) != 1 || len(charts[1].Lines[1].Parts) != 2 {
		t.Fatalf("%+v", charts)
	}
	wellFormed(t, htmlOf(t, r))
}

// Latency and answered requests against the rate, with a mark at the sustained rate.
func TestCapacityIsDrawn(t *testing.T) {
	r := healthy()
	r.Capacity = &capacity.Certificate{RateRPS: 500, BelowRPS: 520, Probes: []capacity.Probe{
		{RateRPS: 100, Achieved: 100, P50US: 1000, P99US: 2000, Holds: true}, {RateRPS: 800, Achieved: 510, P50US: 9000, P99US: 90_000},
		{RateRPS: 500, Achieved: 500, P50US: 2000, P99US: 9000, Holds: true}, {RateRPS: 900, Void: "generator limited"},
	}}
	charts := capacityChart(r)
	if len(charts) != 2 || len(charts[0].Marks) != 1 || charts[0].Lines[1].Parts[0] != "165.2,166.8 522.2,155.6 790.0,26.0" || charts[0].End != "800.0/s" {
		t.Errorf("%+v", charts)
	}
	text := htmlOf(t, r)
	wellFormed(t, text)
	if !strings.Contains(text, "Latency by rate") {
		t.Error("the page lacks the chart")
	}
}

// TestOverlaidRuns: each run has a line in each chart, on the same axes.
func TestOverlaidRuns(t *testing.T) {
	a, b := healthy(), healthy()
	a.TestID, b.TestID, a.Spec.Target = "before", "after", "http://h/<script>"
	b.Intervals[len(b.Intervals)-1].P99US *= 2
	var page bytes.Buffer
	if err := ComparisonHTML(&page, []*report.Report{a}, b, report.Compared([]*report.Report{a}, b, 0)); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, page.String())
	charts := overlaid([]*report.Report{a}, b)
	if len(charts) != 3 {
		t.Fatalf("%d charts", len(charts))
	}
	for _, c := range charts {
		if len(c.Lines) != 2 || c.Lines[0].Name != "before" || c.Lines[0].Class != "old" || c.Lines[1].Name != "after" {
			t.Errorf("%+v", c)
		}
	}
	for _, want := range []string{"after against before", "<h2>p99 over time</h2>", `class="old"`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// The axis ends at a number whose quarters are round, never below the greatest value.
func TestNiceTop(t *testing.T) {
	for v, want := range map[float64]float64{4: 4, 4.1: 6, 90_000: 100_000, 510: 600, 1000: 1000, 1001: 2000, 65: 80, 85: 100} {
		if got := niceTop(v); got != want {
			t.Errorf("%g: %g, want %g", v, got, want)
		}
	}
}

// The page shows the first few reasons, and how many more there are.
func TestFirstFew(t *testing.T) {
	list := []string{"a", "b", "c", "d", "e", "f", "g"}
	if got := firstFew(list); len(got) != 6 || got[5] != "and 2 more" || len(list) != 7 {
		t.Errorf("%q", got)
	}
	if got := firstFew(list[:6]); len(got) != 6 || got[5] != "f" {
		t.Errorf("%q", got)
	}
}

// TestWarmupInReports: text, Markdown and page say what the warm-up is left out of, and the page's charts over time shade it.
func TestWarmupInReports(t *testing.T) {
	r := healthy()
	const line = "warm-up 2.0s: counted in the totals, left out of"
	for name, write := range map[string]func(io.Writer, *report.Report) error{
		"text": func(w io.Writer, r *report.Report) error { return Text(w, r, false) }, "Markdown": Markdown, "HTML": HTML,
	} {
		for _, warmup := range []time.Duration{0, 2 * time.Second} {
			r.Spec.Warmup = loadgen.Duration(warmup)
			var b bytes.Buffer
			if err := write(&b, r); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), line); got != (warmup > 0) {
				t.Errorf("%s with a warm-up of %s: has the line: %v", name, warmup, got)
			}
			if n := strings.Count(b.String(), `<rect class="warmup"`); name == "HTML" && n > 0 != (warmup > 0) {
				t.Errorf("%d shaded charts with a warm-up of %s", n, warmup)
			}
		}
	}
}
