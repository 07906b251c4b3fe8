package render

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"landfall/node/figures"
	"landfall/node/report"
)

// measure is one line of a comparison.
type measure struct {
	name     string
	of       func(*report.Report) float64
	text     func(float64) string
	points   bool // a percentage, whose change is in points
	better   int  // 1: more is better, -1: less is, 0: neither
	optional bool // 0: the run has none
}

func wholeText(f float64) string { return figures.Count(int64(f)) }
func microText(f float64) string { return figures.Micros(int64(f)) }

// shareOf returns a measure of a count as a share of the requests, because runs may differ in length.
func shareOf(name string, of func(*report.Report) int64) measure {
	return measure{name: name, text: func(f float64) string { return figures.Percent(f, 100) }, points: true, better: -1, of: func(r *report.Report) float64 {
		return 100 * float64(of(r)) / math.Max(float64(r.Requests), 1)
	}}
}

func latencyOf(name string, of func(report.Latency) int64) measure {
	return measure{name: "latency " + name, better: -1, of: func(r *report.Report) float64 { return float64(of(r.Latency)) }, text: microText}
}

var measures = []measure{
	{name: "requests", of: func(r *report.Report) float64 { return float64(r.Requests) }, text: wholeText},
	{name: "responses", of: func(r *report.Report) float64 { return float64(r.Responses) }, text: wholeText},
	shareOf("errors", func(r *report.Report) int64 { return r.ErrorCount() }),
	shareOf("unexpected", func(r *report.Report) int64 { return r.Unexpected }),
	shareOf("failed", func(r *report.Report) int64 { return r.Failed }),
	shareOf("dropped", func(r *report.Report) int64 { return r.Dropped }),
	{name: "unknown", of: func(r *report.Report) float64 { return float64(r.Unknown) }, text: wholeText},
	{name: "rate", better: 1, of: func(r *report.Report) float64 { return r.RateRPS }, text: figures.Rate},
	{name: "asked rate", of: func(r *report.Report) float64 { return r.AskedRateRPS }, text: figures.Rate, optional: true},
	latencyOf("min", func(l report.Latency) int64 { return l.Min }),
	latencyOf("mean", func(l report.Latency) int64 { return l.Mean }),
	latencyOf("p50", func(l report.Latency) int64 { return l.P50 }),
	latencyOf("p75", func(l report.Latency) int64 { return l.P75 }),
	latencyOf("p90", func(l report.Latency) int64 { return l.P90 }),
	latencyOf("p95", func(l report.Latency) int64 { return l.P95 }),
	latencyOf("p99", func(l report.Latency) int64 { return l.P99 }),
	latencyOf("p99.9", func(l report.Latency) int64 { return l.P999 }),
	latencyOf("max", func(l report.Latency) int64 { return l.Max }),
	{name: "generator CPU per request", better: -1, of: func(r *report.Report) float64 { return r.Generator.CPUUSPerRequest },
		text: func(f float64) string { return fmt.Sprintf("%.1fµs", f) }},
}

// Compare writes two runs side by side: a first, then b, then the change from a to b. [report.Compared] judges it.
func Compare(w io.Writer, a, b *report.Report, color bool) error {
	var buffer bytes.Buffer
	compare(&buffer, a, b, color)
	_, err := w.Write(buffer.Bytes())
	return err
}

func compare(w io.Writer, a, b *report.Report, color bool) {
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

// row omits figures that are 0 in both runs. Colours draw attention to large changes; the verdict judges.
func (m measure) row(t *table, a, b *report.Report) {
	x, y := m.of(a), m.of(b)
	if x == 0 && y == 0 && m.name != "failed" {
		return
	}
	text := change(x, y)
	if m.points && x != y {
		text = fmt.Sprintf("%+.2g points", y-x)
	}
	if m.optional && x*y == 0 {
		text = ""
	}
	t.add(left(m.name), right(m.value(x)), right(m.value(y)), right(text).in(m.tone(x, y)))
}

// tone returns the colour of a change from x to y: large ones for better or worse are coloured.
func (m measure) tone(x, y float64) style {
	const large, largePoints = 0.1, 1
	change := y - x
	switch {
	case m.points && math.Abs(change) < largePoints, !m.points && math.Abs(change) < large*math.Abs(x):
		return plain
	case change*float64(m.better) < 0:
		return bad
	case change*float64(m.better) > 0:
		return good
	}
	return plain
}

func (m measure) value(v float64) string {
	if m.optional && v == 0 {
		return "–"
	}
	return m.text(v)
}

// change formats the change from x to y, relative to x.
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
	return fmt.Sprintf("%+.1f%%", p)
}
