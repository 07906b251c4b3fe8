package render

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"landfall/node/figures"
	"landfall/node/report"
)

//go:embed page.html
var pageText string

//go:embed parts.html
var partsText string

// parts holds the templates that all pages share: the style and the charts.
var parts = sync.OnceValue(func() *template.Template { return template.Must(template.New("parts").Parse(partsText)) })

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.Must(parts().Clone()).New("report").Parse(pageText))
})

// row is one line of a table of the page.
type row struct {
	Name, Value, Note, Tone string
	Host, State             string
	Values                  []string
}

// HTML writes the report as one self-contained page: no script, no other file. Its charts have a gap where nothing
// was measured, and a mark at each event.
func HTML(w io.Writer, r *report.Report) error {
	mark, tone := outcomeMark(r.Outcome)
	view := struct {
		*report.Report
		Mark, Tone, Lasted, Fleet, Started string
		Warmup                             string
		Causes, Columns                    []string
		Totals, Latencies, Thresholds      []row
		StatusRows, NamedRows, DriverRows  []row
		CapacityLines                      []string
		ProbeRows                          []row
		Charts, CapacityCharts             []chart
		Examples                           []exampleRow
		SlowRows                           []row
		ScenarioTables                     []section
		NamedTitle                         string
		Events                             []struct{ At, Text string }
	}{
		Report: r, Mark: mark, Tone: toneOf(tone), Lasted: figures.Lasted(r.DurationMS), Fleet: fleetText(r), Warmup: warmupText(r),
		Causes: firstFew(r.Generator.Grouped()), Columns: []string{"min", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "max"},
		Totals: totalRows(r), Latencies: latencyRows(r), Charts: chartsOf(r), Examples: exampleRows(r), SlowRows: slowRows(r), NamedTitle: "Requests by name",
	}
	if r.Scenarios != nil {
		view.ScenarioTables, view.NamedTitle = scenarioTables(r.Scenarios), "Steps"
	}
	if r.Capacity != nil {
		view.CapacityCharts = capacityChart(r)
		view.CapacityLines, view.ProbeRows = append([]string{report.Certified(r.Capacity)}, CertificateLines(r.Capacity)...), probeRows(r.Capacity)
	}
	if r.StartedAtMS != 0 {
		view.Started = time.UnixMilli(r.StartedAtMS).UTC().Format("2006-01-02 15:04:05 UTC")
	}
	for _, t := range crossedFirst(r) {
		tone := "good"
		if !t.Passed {
			tone = "bad"
		}
		view.Thresholds = append(view.Thresholds, row{Name: t.Expr, Value: report.ValueText(t), Tone: tone})
	}
	for _, code := range slices.Sorted(maps.Keys(r.Statuses)) {
		view.StatusRows = append(view.StatusRows, row{Name: code, Value: figures.Count(r.Statuses[code])})
	}
	for _, n := range r.Named {
		view.NamedRows = append(view.NamedRows, row{Name: n.Name, Values: []string{figures.Count(n.Requests), figures.Count(n.Errors), figures.Count(n.Unexpected),
			figures.Micros(n.Latency.P50), figures.Micros(n.Latency.P95), figures.Micros(n.Latency.P99)}})
	}
	for _, d := range r.Drivers {
		state, _ := driverState(d)
		view.DriverRows = append(view.DriverRows, row{Name: d.NodeID, Host: d.Host, State: state, Values: []string{figures.Count(d.Requests),
			figures.Count(failedOf(d)), figures.Count(d.Unknown), figures.Micros(d.Latency.P50), figures.Micros(d.Latency.P99)}})
	}
	for _, e := range notableEvents(r) {
		view.Events = append(view.Events, struct{ At, Text string }{figures.Clock(e.AtMS), e.Text})
	}
	return page().Execute(w, view)
}

func totalRows(r *report.Report) []row {
	requests := float64(r.Requests)
	bad := func(n int64, tone string) string {
		if n > 0 {
			return tone
		}
		return ""
	}
	return []row{
		{Name: "requests", Value: figures.Count(r.Requests), Note: rateText(r)},
		{Name: "responses", Value: figures.Count(r.Responses), Note: figures.Percent(float64(r.Responses), requests)},
		{Name: "errors", Value: figures.Count(r.ErrorCount()), Note: report.ErrorList(r.Errors), Tone: bad(r.ErrorCount(), "bad")},
		{Name: "unexpected", Value: figures.Count(r.Unexpected), Note: UnexpectedNote(r), Tone: bad(r.Unexpected, "bad")},
		{Name: "failed", Value: figures.Count(r.Failed), Note: "errors and unexpected", Tone: bad(r.Failed, "bad")},
		{Name: "dropped", Value: figures.Count(r.Dropped), Note: "due, but no connection was free", Tone: bad(r.Dropped, "bad")},
		{Name: "unknown", Value: figures.Count(r.Unknown), Note: "at most: requests that lost drivers may have sent without reporting them", Tone: bad(r.Unknown, "warn")},
		{Name: "traffic", Value: figures.Bytes(r.BytesRead), Note: "read, " + figures.Bytes(r.BytesWritten) + " written"},
	}
}

func latencyRows(r *report.Report) (rows []row) {
	for _, l := range []struct {
		name string
		of   report.Latency
	}{{"latency", r.Latency}, {"service time", r.Service}, {"schedule lag", r.Lag}} {
		if l.name == "schedule lag" && l.of.Max == 0 {
			continue // a closed loop has no schedule
		}
		line := row{Name: l.name}
		for _, us := range []int64{l.of.Min, l.of.Mean, l.of.P50, l.of.P75, l.of.P90, l.of.P95, l.of.P99, l.of.P999, l.of.Max} {
			line.Values = append(line.Values, figures.Micros(us))
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
	case hue:
		return "accent"
	}
	return ""
}

// firstFew returns the first lines of a list, and how many more there are.
func firstFew(list []string) []string {
	const few = 5
	if len(list) <= few+1 {
		return list
	}
	return append(slices.Clone(list[:few]), fmt.Sprintf("and %d more", len(list)-few))
}
