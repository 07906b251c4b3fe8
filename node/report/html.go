package report

import (
	_ "embed"
	"html/template"
	"io"
	"maps"
	"slices"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("report").Parse(pageText))

// row is one line of a table of the page.
type row struct {
	Name, Value, Note, Tone string
	Host, State             string
	Values                  []string
}

// HTML writes the report as one page that needs nothing else: no script, no other file. Its charts have a gap where nothing
// was measured, and a mark at each event.
func (r *Report) HTML(w io.Writer) error {
	mark, tone := r.Outcome.mark()
	view := struct {
		*Report
		Mark, Tone, Lasted, Fleet, Started string
		Causes, Columns                    []string
		Totals, Latencies, Thresholds      []row
		StatusRows, NamedRows, DriverRows  []row
		Charts                             []chart
		Events                             []struct{ At, Text string }
	}{
		Report: r, Mark: mark, Tone: toneOf(tone), Lasted: lasted(r.DurationMS), Fleet: r.fleetText(),
		Causes: r.Generator.Reasons, Columns: []string{"min", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "max"},
		Totals: r.totalRows(), Latencies: r.latencyRows(), Charts: r.charts(),
	}
	if r.StartedAtMS != 0 {
		view.Started = time.UnixMilli(r.StartedAtMS).UTC().Format("2006-01-02 15:04:05 UTC")
	}
	for _, t := range r.crossedFirst() {
		tone := "good"
		if !t.Passed {
			tone = "bad"
		}
		view.Thresholds = append(view.Thresholds, row{Name: t.Expr, Value: valueText(t), Tone: tone})
	}
	for _, code := range slices.Sorted(maps.Keys(r.Statuses)) {
		view.StatusRows = append(view.StatusRows, row{Name: code, Value: count(r.Statuses[code])})
	}
	for _, n := range r.Named {
		view.NamedRows = append(view.NamedRows, row{Name: n.Name, Values: []string{count(n.Requests), count(n.Errors), count(n.Unexpected),
			micro(n.Latency.P50), micro(n.Latency.P99)}})
	}
	for _, d := range r.Drivers {
		state, _ := d.stateText()
		view.DriverRows = append(view.DriverRows, row{Name: d.NodeID, Host: d.Host, State: state, Values: []string{count(d.Requests),
			count(d.Errors), count(d.Unknown), micro(d.Latency.P50), micro(d.Latency.P99)}})
	}
	for _, e := range r.notable() {
		view.Events = append(view.Events, struct{ At, Text string }{clock(e.AtMS), e.Text})
	}
	return page.Execute(w, view)
}

func (r *Report) totalRows() []row {
	requests := float64(r.Requests)
	bad := func(n int64, tone string) string {
		if n > 0 {
			return tone
		}
		return ""
	}
	return []row{
		{Name: "requests", Value: count(r.Requests), Note: r.rateText()},
		{Name: "responses", Value: count(r.Responses), Note: percent(float64(r.Responses), requests)},
		{Name: "errors", Value: count(r.ErrorCount()), Note: errorList(r.Errors), Tone: bad(r.ErrorCount(), "bad")},
		{Name: "unexpected", Value: count(r.Unexpected), Note: "status or body not as expected", Tone: bad(r.Unexpected, "bad")},
		{Name: "failed", Value: count(r.Failed), Note: "errors and unexpected", Tone: bad(r.Failed, "bad")},
		{Name: "dropped", Value: count(r.Dropped), Note: "due, but every connection was busy", Tone: bad(r.Dropped, "bad")},
		{Name: "unknown", Value: count(r.Unknown), Note: "at most: what lost drivers may have sent and nobody reported", Tone: bad(r.Unknown, "warn")},
		{Name: "traffic", Value: bytesText(r.BytesRead), Note: "read, " + bytesText(r.BytesWritten) + " written"},
	}
}

func (r *Report) latencyRows() (rows []row) {
	for _, l := range []struct {
		name string
		of   Latency
	}{{"latency", r.Latency}, {"service time", r.Service}, {"schedule lag", r.Lag}} {
		line := row{Name: l.name}
		for _, us := range []int64{l.of.Min, l.of.Mean, l.of.P50, l.of.P75, l.of.P90, l.of.P95, l.of.P99, l.of.P999, l.of.Max} {
			line.Values = append(line.Values, micro(us))
		}
		rows = append(rows, line)
	}
	return rows
}

func toneOf(s style) string {
	switch s {
	case good:
		return "good"
	case bad:
		return "bad"
	case warn:
		return "warn"
	}
	return ""
}
