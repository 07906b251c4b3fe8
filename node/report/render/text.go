// Package render writes reports: as text for people, as CSV, as a self-contained HTML page, and two side by
// side. A report is data; nothing here judges or changes it.
package render

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"landfall/node/figures"
	"landfall/node/findings"
	"landfall/node/report"
)

// Maximum numbers of lines of the text report's lists.
const (
	driverLines = 16
	eventLines  = 20
	reasonLines = 10
	inEvidence  = 3 // reasons that the evidence of a finding states
)

// Text writes the report for people: the verdict first, then its reasons and figures. All of it is safe for a
// terminal.
func Text(w io.Writer, r *report.Report, color bool) error {
	return text(w, r, color, driverLines, eventLines)
}

// WholeText is [Text] with all drivers and events, for a page that can be scrolled.
func WholeText(w io.Writer, r *report.Report, color bool) error {
	return text(w, r, color, math.MaxInt, math.MaxInt)
}

// text writes the report with at most the given numbers of drivers and events.
func text(w io.Writer, r *report.Report, color bool, drivers, events int) error {
	var b bytes.Buffer
	p := pen{color}
	writeVerdict(&b, r, p)
	writeCapacity(&b, r, p)
	writeFindings(&b, r, p)
	writeTotals(&b, r, p)
	writeFailures(&b, r, p)
	writeExchanges(&b, r, p)
	writeLatencies(&b, r, p)
	writeBars(&b, r, p)
	writeSlowest(&b, r, p)
	writeStatuses(&b, r, p)
	writeClasses(&b, r, p)
	writeRequests(&b, r, p)
	writeScenarios(&b, r.Scenarios, p)
	writeDrivers(&b, r, p, drivers)
	writeThresholds(&b, r, p)
	writeEvents(&b, r, p, events)
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
		return "◆ INTERRUPTED", warn
	case report.Aborted:
		return "✖ ABORTED", bad
	}
	return "✖ FAILED", bad
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
	if line := warmupText(r); line != "" {
		fmt.Fprintf(w, "  %s\n", p.paint(line, dim))
	}
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
	reasons := r.Generator.Grouped()
	if len(reasons) <= inEvidence && slices.ContainsFunc(r.Findings, func(f findings.Finding) bool { return f.Rule == "generator-limit" }) {
		reasons = nil // the finding states them
	}
	for _, line := range firstFew(reasons) {
		fmt.Fprintln(w, p.paint(indent+clean(line, 160), warn))
	}
}

// warmupText describes what a run's warm-up is left out of; "": it has none.
func warmupText(r *report.Report) string {
	if r.Spec.Warmup <= 0 {
		return ""
	}
	return "warm-up " + figures.Lasted(r.Spec.Warmup.Std().Milliseconds()) + ": counted in the totals, left out of rates, latencies, thresholds and comparisons"
}

func fleetText(r *report.Report) string {
	n := int64(len(r.Drivers))
	if n < 2 || r.StartSpreadUS == 0 {
		return figures.Plural(n, "driver")
	}
	return figures.Plural(n, "driver") + " started within " + figures.Micros(r.StartSpreadUS)
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
		t.add(right("≤ "+figures.Micros(b.to)), right(figures.Count(b.n)), right(figures.Percent(float64(b.n), float64(r.Histogram.Count()))).in(dim),
			left(block(b.n, most, 40)).in(hue))
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

// tally formats a count that should be 0.
func tally(n int64) cell {
	if n > 0 {
		return right(figures.Count(n)).in(bad)
	}
	return right("0")
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
			mark, st = "✖", bad
		}
		t.add(left(mark).in(st), left(clean(h.Expr, 60)), right(report.ValueText(h)).in(st))
	}
	t.write(w, p)
}

// crossedFirst returns the thresholds, failed ones first.
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
