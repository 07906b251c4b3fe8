package render

import (
	_ "embed"
	"html/template"
	"io"
	"math"
	"strings"
	"sync"

	"landfall/node/figures"
	"landfall/node/report"
)

//go:embed comparison.html
var comparisonText string

var comparisonPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.Must(parts().Clone()).New("comparison").Parse(comparisonText))
})

// ComparisonHTML writes a comparison as one self-contained HTML page: the verdicts, and charts of all runs by the time since
// their start.
func ComparisonHTML(w io.Writer, base []*report.Report, now *report.Report, c *report.Comparison) error {
	view := struct {
		Now                *report.Report
		Against, NoVerdict string
		Warnings           []string
		Verdicts, Runs     []row
		Charts             []chart
	}{Now: now, Against: strings.Join(c.Base, ", "), NoVerdict: c.NoVerdict, Warnings: c.Warnings, Charts: overlaid(base, now)}
	for _, d := range c.Differences {
		mark, tone := verdictMark(d.Verdict)
		name := d.Figure
		if d.Request != "" {
			name += " of " + d.Request
		}
		view.Verdicts = append(view.Verdicts, row{Name: name, State: mark, Tone: toneOf(tone), Values: []string{d.Value(d.Base), d.Value(d.Now)}, Note: d.Text})
	}
	for _, r := range append(append([]*report.Report{}, base...), now) {
		mark, tone := outcomeMark(r.Outcome)
		view.Runs = append(view.Runs, row{Name: r.TestID, State: mark, Tone: toneOf(tone), Values: []string{figures.Count(r.Requests), figures.Rate(r.RateRPS),
			figures.Percent(float64(r.Failed), math.Max(float64(r.Requests), 1)), figures.Micros(r.Latency.P50), figures.Micros(r.Latency.P95), figures.Micros(r.Latency.P99), figures.Micros(r.Latency.Max)}})
	}
	return comparisonPage().Execute(w, view)
}

// overlaid returns charts with a line for each run.
func overlaid(base []*report.Report, now *report.Report) (charts []chart) {
	longest := int64(1)
	for _, r := range append([]*report.Report{now}, base...) {
		for _, in := range r.Intervals {
			longest = max(longest, in.AtMS)
		}
	}
	if longest < 1000 {
		return nil
	}
	for _, f := range []struct {
		title, unit string
		label       func(float64) string
		of          func(*report.Interval) (float64, bool)
	}{
		{"Throughput", "answered per second", countLabel, answered},
		{"p50 over time", "", microText, latencyIn(p50In)},
		{"p99 over time", "", microText, latencyIn(p99In)},
	} {
		var curves []curve
		for _, r := range base {
			curves = append(curves, over(r, r.TestID, "old", f.of))
		}
		curves = append(curves, over(now, now.TestID, "sent", f.of))
		charts = append(charts, plot(chart{Title: f.title, Unit: f.unit, Start: "00:00", End: figures.ShortSecond(int(longest / 1000))}, f.label, curves...))
	}
	return charts
}
