package report

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

	"landfall/loadgen"
	"landfall/loadgen/condition"
)

// How many lines a list of the text report has at most.
const (
	driverLines = 16
	eventLines  = 20
	reasonLines = 10
)

// Text writes the report for people: the verdict first, then what it rests on. Everything in it is safe for a terminal.
func (r *Report) Text(w io.Writer, color bool) {
	var b bytes.Buffer
	p := pen{color}
	r.verdict(&b, p)
	r.totals(&b, p)
	r.latencies(&b, p)
	r.bars(&b, p)
	r.statuses(&b, p)
	r.classes(&b, p)
	r.named(&b, p)
	r.drivers(&b, p)
	r.thresholds(&b, p)
	r.events(&b, p)
	r.notOpened(&b, p)
	_, _ = w.Write(b.Bytes())
}

func heading(w io.Writer, p pen, s string) { fmt.Fprintf(w, "\n  %s\n", p.paint(s, bold)) }

func (o Outcome) mark() (string, style) {
	switch o {
	case Passed:
		return "✓ PASSED", good
	case Finished:
		return "● FINISHED", hue
	case Running:
		return "● RUNNING", hue
	case Interrupted:
		return "■ INTERRUPTED", warn
	case Aborted:
		return "✗ ABORTED", bad
	}
	return "✗ FAILED", bad
}

func (r *Report) verdict(w io.Writer, p pen) {
	mark, st := r.Outcome.mark()
	fmt.Fprintf(w, "%s  %s on %s\n", p.paint(mark, st), clean(r.Kind, 12), p.paint(clean(r.Spec.Target, 100), bold))
	parts := []string{}
	if r.Spec.Name != "" {
		parts = append(parts, clean(r.Spec.Name, 40))
	}
	parts = append(parts, "run "+clean(r.TestID, 64), lasted(r.DurationMS), r.fleetText())
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

func (r *Report) fleetText() string {
	n := int64(len(r.Drivers))
	if n < 2 || r.StartSpreadUS == 0 {
		return plural(n, "driver")
	}
	return plural(n, "driver") + " started within " + micro(r.StartSpreadUS)
}

func (r *Report) totals(w io.Writer, p pen) {
	requests := float64(r.Requests)
	t := table{indent: "  "}
	row := func(name string, n int64, st style, note string) {
		t.add(left(name), right(count(n)).in(st), left(note))
	}
	row("requests", r.Requests, bold, r.rateText())
	row("responses", r.Responses, plain, percent(float64(r.Responses), requests))
	if n := r.ErrorCount(); n > 0 {
		row("errors", n, bad, percent(float64(n), requests)+": "+errorList(r.Errors))
	} else {
		row("errors", 0, plain, "")
	}
	if r.Unexpected > 0 {
		row("unexpected", r.Unexpected, bad, percent(float64(r.Unexpected), requests)+": status or body not as expected")
	}
	if r.Failed > 0 {
		row("failed", r.Failed, bad, percent(float64(r.Failed), requests)+": errors and unexpected")
	}
	if r.Dropped > 0 {
		row("dropped", r.Dropped, bad, percent(float64(r.Dropped), requests+float64(r.Dropped))+" of those due: every connection was busy")
	}
	if r.Unknown > 0 {
		row("unknown", r.Unknown, warn, "at most: what lost drivers may have sent and nobody reported")
	}
	fmt.Fprintln(w)
	t.add(left("traffic").in(dim), right(bytesText(r.BytesRead)).in(dim), left("read, "+bytesText(r.BytesWritten)+" written").in(dim))
	t.write(w, p)
}

func (r *Report) rateText() string {
	if r.AskedRateRPS == 0 {
		return rate(r.RateRPS)
	}
	return fmt.Sprintf("%s of %s asked (%s)", rate(r.RateRPS), rate(r.AskedRateRPS), percent(r.RateRPS, r.AskedRateRPS))
}

func (r *Report) latencies(w io.Writer, p pen) {
	if r.Latency == (Latency{}) {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left(""), right("min").in(dim), right("mean").in(dim), right("p50").in(dim), right("p90").in(dim),
		right("p95").in(dim), right("p99").in(dim), right("p99.9").in(dim), right("max").in(dim))
	row := func(name string, l Latency, st style) {
		cells := []cell{left(name)}
		for _, us := range []int64{l.Min, l.Mean, l.P50, l.P90, l.P95, l.P99, l.P999, l.Max} {
			cells = append(cells, right(micro(us)).in(st))
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
func far(a, b Latency) bool {
	if a == (Latency{}) {
		return false
	}
	differ := func(x, y int64) bool { return math.Abs(float64(x-y)) > .05*float64(max(x, y))+50 }
	return differ(a.P50, b.P50) || differ(a.P99, b.P99) || differ(a.Max, b.Max)
}

func (r *Report) bars(w io.Writer, p pen) {
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
		t.add(right("≤ "+edge(b.to)), right(count(b.n)), right(percent(float64(b.n), float64(r.Histogram.Count()))).in(dim),
			left(block(b.n, most, 40)).in(hue))
	}
	t.write(w, p)
}

func (r *Report) statuses(w io.Writer, p pen) {
	if len(r.Statuses) == 0 {
		return
	}
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(r.Statuses)) {
		st := good
		if n, err := strconv.Atoi(code); err != nil || n >= 400 {
			st = bad
		}
		parts = append(parts, p.paint(clean(code, 8), st)+" × "+count(r.Statuses[code]))
	}
	fmt.Fprintf(w, "\n  %s  %s\n", "statuses", strings.Join(parts, "   "))
}

// classes are shown when there are several: else they are what the whole run is.
func (r *Report) classes(w io.Writer, p pen) {
	if len(r.Classes) < 2 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("status").in(bold), right("responses").in(dim), right("p50").in(dim), right("p95").in(dim), right("p99").in(dim), right("max").in(dim))
	for _, c := range r.Classes {
		t.add(left(clean(c.Class, 8)), right(count(c.Responses)), right(micro(c.Latency.P50)), right(micro(c.Latency.P95)), right(micro(c.Latency.P99)), right(micro(c.Latency.Max)))
	}
	t.write(w, p)
}

func (r *Report) named(w io.Writer, p pen) {
	if len(r.Named) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("request").in(bold), right("requests").in(dim), right("errors").in(dim), right("unexpected").in(dim),
		right("p50").in(dim), right("p95").in(dim), right("p99").in(dim))
	for _, n := range r.Named {
		t.add(left(clean(n.Name, 40)), right(count(n.Requests)), tally(n.Errors), tally(n.Unexpected),
			right(micro(n.Latency.P50)), right(micro(n.Latency.P95)), right(micro(n.Latency.P99)))
	}
	t.write(w, p)
}

// tally is a number that should be 0.
func tally(n int64) cell {
	if n > 0 {
		return right(count(n)).in(bad)
	}
	return right("0")
}

func (r *Report) drivers(w io.Writer, p pen) {
	if len(r.Drivers) == 0 || len(r.Drivers) == 1 && r.Drivers[0].State == StateFinished {
		return // one driver's figures are the run's
	}
	fmt.Fprintln(w)
	t := table{indent: "  "}
	t.add(left("driver").in(bold), left("host").in(dim), left("state").in(dim), right("requests").in(dim), right("errors").in(dim),
		right("p50").in(dim), right("p99").in(dim), right("max").in(dim))
	list := worstFirst(r.Drivers)
	for _, d := range list[:min(len(list), driverLines)] {
		text, st := d.stateText()
		t.add(left(clean(d.NodeID, 32)), left(clean(d.Host, 24)), left(text).in(st), right(count(d.Requests)), tally(d.Errors),
			right(micro(d.Latency.P50)), right(micro(d.Latency.P99)), right(micro(d.Latency.Max)))
	}
	t.write(w, p)
	if more := len(list) - driverLines; more > 0 {
		fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… and %d more", more), dim))
	}
}

// worstFirst keeps the order when all drivers fit, and otherwise puts those first that somebody should look at.
func worstFirst(drivers []Driver) []Driver {
	if len(drivers) <= driverLines {
		return drivers
	}
	list := slices.Clone(drivers)
	rank := func(d Driver) int {
		if d.State == StateFinished {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Errors, a.Errors), cmp.Compare(b.Latency.P99, a.Latency.P99))
	})
	return list
}

func (d Driver) stateText() (string, style) {
	switch d.State {
	case StateFinished:
		return "✓ finished", good
	case StateLost:
		return "✗ lost", bad
	case StateRefused:
		return "✗ refused", bad
	}
	return "▲ " + clean(d.State, 10), warn
}

func (r *Report) thresholds(w io.Writer, p pen) {
	if len(r.Thresholds) == 0 {
		return
	}
	heading(w, p, "thresholds")
	t := table{indent: "  "}
	for _, h := range r.crossedFirst() {
		mark, st := "✓", good
		if !h.Passed {
			mark, st = "✗", bad
		}
		t.add(left(mark).in(st), left(clean(h.Expr, 60)), right(valueText(h)).in(st))
	}
	t.write(w, p)
}

// crossedFirst are the thresholds, those that do not hold before the others.
func (r *Report) crossedFirst() []Threshold {
	list := slices.Clone(r.Thresholds)
	slices.SortStableFunc(list, func(a, b Threshold) int {
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

// valueText writes what a threshold was judged on, and when if that was a window.
func valueText(t Threshold) string {
	c, err := loadgen.ParseThreshold(t.Expr)
	switch {
	case err != nil:
		return "not understood"
	case !t.Judged && !t.Passed && t.Value == 0:
		return "nothing was measured"
	case c.IsTime() && t.Value == 0:
		return "no response"
	}
	text := Judged(c, t.Value)
	if c.Window > 0 {
		text += " from " + clock(t.FromMS) + " to " + clock(t.ToMS)
	}
	return text
}

// Text is what the threshold was judged on, with its unit.
func (t Threshold) Text() string { return valueText(t) }

// IsTime tells whether the value of a threshold is in microseconds.
func IsTime(expr string) bool {
	c, err := loadgen.ParseThreshold(expr)
	return err == nil && c.IsTime()
}

// Judged is the value that a condition was judged by, in the unit of its metric.
func Judged(c condition.Condition, value float64) string {
	switch {
	case c.IsTime():
		return micro(int64(math.Round(value)))
	case c.Percent:
		return percent(value, 100)
	case c.Metric == "rate":
		return rate(value)
	}
	return count(int64(value))
}

func (r *Report) events(w io.Writer, p pen) {
	list := r.notable()
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
		t.add(right(clock(e.AtMS)).in(dim), left(clean(e.Kind, 12)).in(eventStyle(e.Kind)), left(clean(e.Text, 160)))
	}
	t.write(w, p)
}

// notable leaves out the events that every run has.
func (r *Report) notable() (list []Event) {
	for _, in := range r.Intervals {
		for _, e := range in.Events {
			if e.Kind != "started" && e.Kind != "finished" && e.Kind != "joined" {
				list = append(list, e)
			}
		}
	}
	return list
}

func eventStyle(kind string) style {
	switch kind {
	case "lost", "killed", "refused", "threshold":
		return bad
	case "late", "left", "stopped", "paused":
		return warn
	}
	return hue
}
