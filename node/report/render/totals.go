package render

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"landfall/node/figures"
	"landfall/node/report"
)

func writeTotals(w io.Writer, r *report.Report, p pen) {
	requests := float64(r.Requests)
	t := table{indent: "  "}
	row := func(name string, n int64, st style, note string) {
		t.add(left(name), right(figures.Count(n)).in(st), left(note))
	}
	row("requests", r.Requests, bold, rateText(r))
	row("responses", r.Responses, plain, figures.Percent(float64(r.Responses), requests))
	if n := r.ErrorCount(); n > 0 {
		row("errors", n, bad, figures.Percent(float64(n), requests)+": "+report.ErrorList(r.Errors))
	} else {
		row("errors", 0, plain, "")
	}
	if r.Unexpected > 0 {
		row("unexpected", r.Unexpected, bad, figures.Percent(float64(r.Unexpected), requests)+": "+UnexpectedNote(r))
	}
	if r.Failed > 0 {
		row("failed", r.Failed, bad, figures.Percent(float64(r.Failed), requests)+": errors and unexpected")
	}
	if r.Dropped > 0 {
		row("dropped", r.Dropped, bad, figures.Percent(float64(r.Dropped), requests+float64(r.Dropped))+" of those due: no connection was free")
	}
	if r.Retried > 0 {
		row("retried", r.Retried, warn, "sent again and counted once: the target had not processed them")
	}
	if r.Unknown > 0 {
		row("unknown", r.Unknown, warn, "at most: requests that lost drivers may have sent without reporting them")
	}
	fmt.Fprintln(w)
	t.add(left("traffic").in(dim), right(figures.Bytes(r.BytesRead)).in(dim), left("read, "+figures.Bytes(r.BytesWritten)+" written").in(dim))
	t.write(w, p)
}

func rateText(r *report.Report) string {
	if r.AskedRateRPS == 0 {
		return figures.Rate(r.RateRPS)
	}
	return fmt.Sprintf("%s of %s asked (%s)", figures.Rate(r.RateRPS), figures.Rate(r.AskedRateRPS), figures.Percent(r.RateRPS, r.AskedRateRPS))
}

func writeLatencies(w io.Writer, r *report.Report, p pen) {
	if r.Latency == (report.Latency{}) {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left(""), right("min").in(dim), right("mean").in(dim), right("p50").in(dim), right("p90").in(dim),
		right("p95").in(dim), right("p99").in(dim), right("p99.9").in(dim), right("max").in(dim))
	row := func(name string, l report.Latency, st style) {
		cells := []cell{left(name)}
		for _, us := range []int64{l.Min, l.Mean, l.P50, l.P90, l.P95, l.P99, l.P999, l.Max} {
			cells = append(cells, right(figures.Micros(us)).in(st))
		}
		t.add(cells...)
	}
	row("latency", r.Latency, bold)
	if far(r.Service, r.Latency) {
		row("service time", r.Service, plain)
	}
	if r.Lag.P99 >= 1000 {
		row("schedule lag", r.Lag, plain)
	}
	t.write(w, p)
}

// far reports whether two distributions differ so much that both are shown.
func far(a, b report.Latency) bool {
	if a == (report.Latency{}) {
		return false
	}
	differ := func(x, y int64) bool { return math.Abs(float64(x-y)) > .05*float64(max(x, y))+50 }
	return differ(a.P50, b.P50) || differ(a.P99, b.P99) || differ(a.Max, b.Max)
}

func writeStatuses(w io.Writer, r *report.Report, p pen) {
	if len(r.Statuses) == 0 {
		return
	}
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(r.Statuses)) {
		st := good
		if n, err := strconv.Atoi(code); err != nil || n >= 400 {
			st = bad
		}
		parts = append(parts, p.paint(clean(code, 8), st)+" × "+figures.Count(r.Statuses[code]))
	}
	fmt.Fprintf(w, "\n  %s  %s\n", "statuses", strings.Join(parts, "   "))
}

// writeClasses shows the status classes if there are several; one class would repeat the whole run.
func writeClasses(w io.Writer, r *report.Report, p pen) {
	if len(r.Classes) < 2 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("status").in(bold), right("responses").in(dim), right("p50").in(dim), right("p95").in(dim), right("p99").in(dim), right("max").in(dim))
	for _, c := range r.Classes {
		t.add(left(clean(c.Class, 8)), right(figures.Count(c.Responses)), right(figures.Micros(c.Latency.P50)), right(figures.Micros(c.Latency.P95)), right(figures.Micros(c.Latency.P99)), right(figures.Micros(c.Latency.Max)))
	}
	t.write(w, p)
}
