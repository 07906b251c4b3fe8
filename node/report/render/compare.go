package render

import (
	"fmt"
	"io"
	"math"

	"landfall/node/figures"
	"landfall/node/report"
)

// measure is one line of a comparison.
type measure struct {
	name string
	of   func(*report.Report) float64
	text func(float64) string
	less bool // less is better
	even bool // neither is
}

func wholeText(f float64) string { return figures.Count(int64(f)) }
func microText(f float64) string { return figures.Micros(int64(f)) }

func latencyOf(name string, of func(report.Latency) int64) measure {
	return measure{name: "latency " + name, of: func(r *report.Report) float64 { return float64(of(r.Latency)) }, text: microText, less: true}
}

var measures = []measure{
	{name: "requests", of: func(r *report.Report) float64 { return float64(r.Requests) }, text: wholeText, even: true},
	{name: "responses", of: func(r *report.Report) float64 { return float64(r.Responses) }, text: wholeText, even: true},
	{name: "errors", of: func(r *report.Report) float64 { return float64(r.ErrorCount()) }, text: wholeText, less: true},
	{name: "unexpected", of: func(r *report.Report) float64 { return float64(r.Unexpected) }, text: wholeText, less: true},
	{name: "dropped", of: func(r *report.Report) float64 { return float64(r.Dropped) }, text: wholeText, less: true},
	{name: "unknown", of: func(r *report.Report) float64 { return float64(r.Unknown) }, text: wholeText, less: true},
	{name: "rate", of: func(r *report.Report) float64 { return r.RateRPS }, text: figures.Rate},
	{name: "asked rate", of: func(r *report.Report) float64 { return r.AskedRateRPS }, text: figures.Rate, even: true},
	latencyOf("min", func(l report.Latency) int64 { return l.Min }),
	latencyOf("mean", func(l report.Latency) int64 { return l.Mean }),
	latencyOf("p50", func(l report.Latency) int64 { return l.P50 }),
	latencyOf("p75", func(l report.Latency) int64 { return l.P75 }),
	latencyOf("p90", func(l report.Latency) int64 { return l.P90 }),
	latencyOf("p95", func(l report.Latency) int64 { return l.P95 }),
	latencyOf("p99", func(l report.Latency) int64 { return l.P99 }),
	latencyOf("p99.9", func(l report.Latency) int64 { return l.P999 }),
	latencyOf("max", func(l report.Latency) int64 { return l.Max }),
	{name: "generator CPU per request", of: func(r *report.Report) float64 { return r.Generator.CPUUSPerRequest }, even: true,
		text: func(f float64) string { return fmt.Sprintf("%.1f µs", f) }},
}

// Compare writes two runs side by side: a first, then b, then what changed from a to b.
func Compare(w io.Writer, a, b *report.Report, color bool) {
	p := pen{color}
	t := table{indent: "  "}
	t.add(left(""), right(clean(a.TestID, 32)).in(bold), right(clean(b.TestID, 32)).in(bold), right("change").in(dim))
	row := func(name, x, y string) { t.add(left(name), right(x), right(y), right("")) }
	outcomeRow(&t, a, b)
	row("kind", clean(a.Kind, 12), clean(b.Kind, 12))
	row("target", clean(a.Spec.Target, 40), clean(b.Spec.Target, 40))
	row("drivers", figures.Count(int64(len(a.Drivers))), figures.Count(int64(len(b.Drivers))))
	row("duration", figures.Lasted(a.DurationMS), figures.Lasted(b.DurationMS))
	for _, m := range measures {
		m.row(&t, a, b)
	}
	t.write(w, p)
}

func outcomeRow(t *table, a, b *report.Report) {
	x, xs := outcomeMark(a.Outcome)
	y, ys := outcomeMark(b.Outcome)
	t.add(left("outcome"), right(x).in(xs), right(y).in(ys), right(""))
}

// row leaves out what is 0 in both runs.
func (m measure) row(t *table, a, b *report.Report) {
	x, y := m.of(a), m.of(b)
	if x == 0 && y == 0 && m.name != "errors" {
		return
	}
	t.add(left(m.name), right(m.text(x)), right(m.text(y)), right(change(x, y)).in(m.verdict(x, y)))
}

// change is the difference from x to y as a part of x.
func change(x, y float64) string {
	switch {
	case x == y:
		return "="
	case x == 0:
		return "new"
	}
	p := 100 * (y - x) / x
	if math.Abs(p) >= 1000 {
		return fmt.Sprintf("×%.3g", y/x)
	}
	return fmt.Sprintf("%+.1f %%", p)
}

// verdict colours a change of 5 % or more, which is more than two equal runs usually differ by.
func (m measure) verdict(x, y float64) style {
	if m.even || x == y || x != 0 && math.Abs(y-x)/x < .05 {
		return dim
	}
	if (y < x) == m.less {
		return good
	}
	return bad
}
