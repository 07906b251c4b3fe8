package render

import (
	"fmt"
	"io"
	"strings"

	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/node/report"
)

// writeCapacity writes the certificate: the result, what failed first, and the probed rates.
func writeCapacity(w io.Writer, r *report.Report, p pen) {
	c := r.Capacity
	if c == nil {
		return
	}
	heading(w, p, report.Certified(c))
	for _, line := range CertificateLines(c) {
		fmt.Fprintf(w, "  %s\n", clean(line, 160))
	}
	t := table{indent: "  "}
	t.add(left("rate").in(bold), right("answered").in(dim), right("p50").in(dim), right("p99").in(dim), right("failed").in(dim), right("dropped").in(dim),
		right("seconds").in(dim), left("").in(dim))
	for _, probe := range c.Probes {
		mark, st := probeMark(c, probe)
		t.add(right(figures.Rate(probe.RateRPS)), right(figures.Rate(probe.Achieved)), right(figures.Micros(probe.P50US)), right(figures.Micros(probe.P99US)), right(figures.Percent(probe.Failed, 1)),
			right(figures.Percent(probe.Dropped, 1)), right(fmt.Sprint(probe.Seconds)).in(dim), left(mark).in(st))
	}
	t.write(w, p)
}

func probeMark(c *capacity.Certificate, p capacity.Probe) (string, style) {
	switch {
	case p.Void != "":
		return "▲ void: " + clean(p.Void, 80), warn
	case p.Phase == capacity.Overload:
		return "overload on purpose", dim
	case !p.Holds:
		return "✖ " + clean(p.Broke, 60) + heldText(p), bad
	case c.Superseded(p):
		return fmt.Sprintf("held for %ds, later it did not", p.Seconds), dim
	}
	return "✓ holds", good
}

// heldText tells for how long the objectives held at a rate that failed; "": not for a second.
func heldText(p capacity.Probe) string {
	if p.HeldS == 0 {
		return ""
	}
	return fmt.Sprintf(" (held %d of %ds)", p.HeldS, p.Seconds)
}

// probeRows returns the probes by rate, as table rows of the HTML page.
func probeRows(c *capacity.Certificate) (rows []row) {
	for _, p := range c.Curve() {
		mark, st := probeMark(c, p)
		rows = append(rows, row{Name: figures.Rate(p.RateRPS), Values: []string{figures.Rate(p.Achieved), figures.Micros(p.P50US), figures.Micros(p.P99US), figures.Percent(p.Failed, 1)}, Note: mark, Tone: toneOf(st)})
	}
	return rows
}

// CertificateLines returns the further lines of a certificate.
func CertificateLines(c *capacity.Certificate) (lines []string) {
	if c.Broke != "" {
		lines = append(lines, "broke first at "+figures.Rate(c.BelowRPS)+": "+c.Broke)
	}
	if c.KneeRPS > 0 {
		lines = append(lines, "p99 stays within twice that of the lightest load up to "+figures.Rate(c.KneeRPS))
	}
	switch {
	case c.StaysDown:
		lines = append(lines, "the target stayed down after an overload")
	case c.RecoveryS > 0:
		lines = append(lines, fmt.Sprintf("recovered %ds after an overload by half", c.RecoveryS))
	}
	if c.Limit != "" {
		lines = append(lines, "the generator was the limit ("+c.Limit+"): more drivers would show more")
	} else if c.Confirmed && !c.AtLeast {
		lines = append(lines, "the target was the limit: more drivers would change nothing")
	}
	if c.Ended != "" && (c.Limit == "" || !strings.HasSuffix(c.Ended, c.Limit)) { // else it is said already
		lines = append(lines, c.Ended)
	}
	return lines
}
