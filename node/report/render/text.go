// Package render writes reports: as text for people, as CSV, as a page of HTML that needs nothing else, and two side by
// side. A report is data; nothing here judges or changes it.
package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/node/report"
)

// How many lines a list of the text report has at most.
const (
	driverLines = 16
	eventLines  = 20
	reasonLines = 10
)

// Text writes the report for people: the verdict first, then what it rests on. Everything in it is safe for a terminal.
func Text(w io.Writer, r *report.Report, color bool) error {
	var b bytes.Buffer
	p := pen{color}
	writeVerdict(&b, r, p)
	writeCapacity(&b, r, p)
	writeFindings(&b, r, p)
	writeTotals(&b, r, p)
	writeFailures(&b, r, p)
	writeLatencies(&b, r, p)
	writeBars(&b, r, p)
	writeStatuses(&b, r, p)
	writeClasses(&b, r, p)
	writeRequests(&b, r, p)
	writeScenarios(&b, r.Scenarios, p)
	writeDrivers(&b, r, p)
	writeThresholds(&b, r, p)
	writeEvents(&b, r, p)
	_, err := w.Write(b.Bytes())
	return err
}

func heading(w io.Writer, p pen, s string) { fmt.Fprintf(w, "\n  %s\n", p.paint(s, bold)) }

func outcomeMark(o report.Outcome) (string, style) {
	switch o {
	case report.Passed:
		return "✓ PASSED", good
	case report.Finished:
		return "● FINISHED", hue
	case report.Running:
		return "● RUNNING", hue
	case report.Interrupted:
		return "■ INTERRUPTED", warn
	case report.Aborted:
		return "✗ ABORTED", bad
	}
	return "✗ FAILED", bad
}

func writeVerdict(w io.Writer, r *report.Report, p pen) {
	mark, st := outcomeMark(r.Outcome)
	fmt.Fprintf(w, "%s  %s on %s\n", p.paint(mark, st), clean(r.Kind, 12), p.paint(clean(r.Spec.Target, 100), bold))
	parts := []string{}
	if r.Spec.Name != "" {
		parts = append(parts, clean(r.Spec.Name, 40))
	}
	parts = append(parts, "run "+clean(r.TestID, 64), figures.Lasted(r.DurationMS), fleetText(r))
	if r.StartedAtMS != 0 {
		parts = append(parts, time.UnixMilli(r.StartedAtMS).UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	fmt.Fprintf(w, "  %s\n", p.paint(strings.Join(parts, " · "), dim))
	for i, reason := range r.Reasons {
		if i == reasonLines {
			fmt.Fprintf(w, "  … and %d more\n", len(r.Reasons)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", p.paint(clean(reason, 160), st))
	}
	for _, line := range r.Warnings {
		fmt.Fprintf(w, "  %s\n", p.paint("▲ "+clean(line, 160), warn))
	}
	indent := "  ▲ "
	if r.Generator.Limited {
		indent = "    "
	}
	for _, line := range r.Generator.Reasons[:min(len(r.Generator.Reasons), 5)] {
		fmt.Fprintln(w, p.paint(indent+clean(line, 160), warn))
	}
}

func fleetText(r *report.Report) string {
	n := int64(len(r.Drivers))
	if n < 2 || r.StartSpreadUS == 0 {
		return figures.Plural(n, "driver")
	}
	return figures.Plural(n, "driver") + " started within " + figures.Micros(r.StartSpreadUS)
}

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
		row("unexpected", r.Unexpected, bad, figures.Percent(float64(r.Unexpected), requests)+": status or body not as expected")
	}
	if r.Failed > 0 {
		row("failed", r.Failed, bad, figures.Percent(float64(r.Failed), requests)+": errors and unexpected")
	}
	if r.Dropped > 0 {
		row("dropped", r.Dropped, bad, figures.Percent(float64(r.Dropped), requests+float64(r.Dropped))+" of those due: every connection was busy")
	}
	if r.Retried > 0 {
		row("retried", r.Retried, warn, "sent again and counted once: the target had not processed them")
	}
	if r.Unknown > 0 {
		row("unknown", r.Unknown, warn, "at most: what lost drivers may have sent and nobody reported")
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

// far tells whether two distributions differ so much that both are worth showing.
func far(a, b report.Latency) bool {
	if a == (report.Latency{}) {
		return false
	}
	differ := func(x, y int64) bool { return math.Abs(float64(x-y)) > .05*float64(max(x, y))+50 }
	return differ(a.P50, b.P50) || differ(a.P99, b.P99) || differ(a.Max, b.Max)
}

func writeBars(w io.Writer, r *report.Report, p pen) {
	list := bars(r.Histogram)
	if len(list) == 0 {
		return
	}
	var most int64
	for _, b := range list {
		most = max(most, b.n)
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	for _, b := range list {
		t.add(right("≤ "+figures.Edge(b.to)), right(figures.Count(b.n)), right(figures.Percent(float64(b.n), float64(r.Histogram.Count()))).in(dim),
			left(block(b.n, most, 40)).in(hue))
	}
	t.write(w, p)
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

// writeClasses are shown when there are several: else they are what the whole run is.
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

func writeRequests(w io.Writer, r *report.Report, p pen) {
	if len(r.Named) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	title := "request"
	if r.Scenarios != nil {
		title = "step"
	}
	t.add(left(title).in(bold), right("requests").in(dim), right("errors").in(dim), right("unexpected").in(dim),
		right("p50").in(dim), right("p95").in(dim), right("p99").in(dim))
	for _, n := range r.Named {
		t.add(left(clean(n.Name, 40)), right(figures.Count(n.Requests)), tally(n.Errors), tally(n.Unexpected),
			right(figures.Micros(n.Latency.P50)), right(figures.Micros(n.Latency.P95)), right(figures.Micros(n.Latency.P99)))
	}
	t.write(w, p)
}

// tally is a number that should be 0.
func tally(n int64) cell {
	if n > 0 {
		return right(figures.Count(n)).in(bad)
	}
	return right("0")
}

func writeDrivers(w io.Writer, r *report.Report, p pen) {
	if len(r.Drivers) == 0 || len(r.Drivers) == 1 && r.Drivers[0].State == report.StateFinished {
		return // one driver's figures are the run's
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("driver").in(bold), left("host").in(dim), left("state").in(dim), right("requests").in(dim), right("errors").in(dim),
		right("p50").in(dim), right("p99").in(dim), right("max").in(dim))
	list := worstFirst(r.Drivers)
	for _, d := range list[:min(len(list), driverLines)] {
		text, st := driverState(d)
		t.add(left(clean(d.NodeID, 32)), left(clean(d.Host, 24)), left(text).in(st), right(figures.Count(d.Requests)), tally(d.Errors),
			right(figures.Micros(d.Latency.P50)), right(figures.Micros(d.Latency.P99)), right(figures.Micros(d.Latency.Max)))
	}
	t.write(w, p)
	if more := len(list) - driverLines; more > 0 {
		fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… and %d more", more), dim))
	}
}

// worstFirst keeps the order when all drivers fit, and otherwise puts those first that somebody should look at.
func worstFirst(drivers []report.Driver) []report.Driver {
	if len(drivers) <= driverLines {
		return drivers
	}
	list := slices.Clone(drivers)
	rank := func(d report.Driver) int {
		if d.State == report.StateFinished {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b report.Driver) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Latency.P99, a.Latency.P99))
	})
	return list
}

func driverState(d report.Driver) (string, style) {
	switch d.State {
	case report.StateFinished:
		return "✓ finished", good
	case report.StateLost:
		return "✗ lost", bad
	case report.StateRefused:
		return "✗ refused", bad
	}
	return "▲ " + clean(d.State, 10), warn
}

func writeThresholds(w io.Writer, r *report.Report, p pen) {
	if len(r.Thresholds) == 0 {
		return
	}
	heading(w, p, "thresholds")
	t := table{indent: "  "}
	for _, h := range crossedFirst(r) {
		mark, st := "✓", good
		if !h.Passed {
			mark, st = "✗", bad
		}
		t.add(left(mark).in(st), left(clean(h.Expr, 60)), right(report.ValueText(h)).in(st))
	}
	t.write(w, p)
}

// crossedFirst are the thresholds, those that do not hold before the others.
func crossedFirst(r *report.Report) []report.Threshold {
	list := slices.Clone(r.Thresholds)
	slices.SortStableFunc(list, func(a, b report.Threshold) int {
		switch {
		case a.Passed == b.Passed:
			return 0
		case b.Passed:
			return -1
		}
		return 1
	})
	return list
}

func writeEvents(w io.Writer, r *report.Report, p pen) {
	list := notableEvents(r)
	if len(list) == 0 {
		return
	}
	heading(w, p, "events")
	if more := len(list) - eventLines; more > 0 {
		fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… %d earlier", more), dim))
		list = list[more:]
	}
	t := table{indent: "  "}
	for _, e := range list {
		t.add(right(figures.Clock(e.AtMS)).in(dim), left(clean(e.Kind, 12)).in(eventStyle(e.Kind)), left(clean(e.Text, 160)))
	}
	t.write(w, p)
}

// notableEvents leaves out the events that every run has.
func notableEvents(r *report.Report) (list []report.Event) {
	for _, in := range r.Intervals {
		for _, e := range in.Events {
			if !fleet.EventKind(e.Kind).Routine() {
				list = append(list, e)
			}
		}
	}
	return list
}

func eventStyle(kind string) style {
	switch fleet.EventKind(kind).Severity() {
	case fleet.SeverityBad:
		return bad
	case fleet.SeverityWarning:
		return warn
	}
	return hue
}

// writeFailures lists why requests failed. Where no request was answered, the verdict has said so.
func writeFailures(w io.Writer, r *report.Report, p pen) {
	if r.Responses == 0 || len(r.Failures) == 0 {
		return
	}
	fmt.Fprintf(w, "\n  %s\n", p.paint("why requests failed", bad))
	for _, f := range r.Failures[:min(len(r.Failures), report.FailureLines)] {
		fmt.Fprintf(w, "    %s\n", clean(f.Text(len(r.Drivers)), 160))
	}
	if more := int64(len(r.Failures) - report.FailureLines); more > 0 {
		fmt.Fprintf(w, "    and %s\n", figures.Plural(more, "more reason"))
	}
}
