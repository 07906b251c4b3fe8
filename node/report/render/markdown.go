package render

import (
	"fmt"
	"io"
	"strings"

	"landfall/node/figures"
	"landfall/node/report"
)

// Markdown writes the report for a pull request or a job's summary: the outcome and its reasons, the thresholds and the main figures.
func Markdown(w io.Writer, r *report.Report) error {
	var b strings.Builder
	mark, _ := outcomeMark(r.Outcome)
	fmt.Fprintf(&b, "## %s: %s on %s\n\n", mark, escaped(r.Kind), escaped(r.Spec.Target))
	fmt.Fprintf(&b, "run %s · %s · %s\n\n", escaped(r.TestID), figures.Lasted(r.DurationMS), fleetText(r))
	if line := warmupText(r); line != "" {
		fmt.Fprintf(&b, "%s\n\n", line)
	}
	for _, line := range r.Reasons {
		fmt.Fprintf(&b, "- **%s**\n", escaped(line))
	}
	for _, line := range r.Warnings {
		fmt.Fprintf(&b, "- ▲ %s\n", escaped(line))
	}
	if len(r.Thresholds) > 0 {
		b.WriteString("\n| | threshold | value |\n|---|---|---:|\n")
		for _, t := range crossedFirst(r) {
			mark := "✓"
			if !t.Passed {
				mark = "✖"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", mark, escaped(t.Expr), t.Text())
		}
	}
	l := r.Latency
	fmt.Fprintf(&b, "\n| requests | rate | failed | dropped | p50 | p90 | p95 | p99 | max |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", figures.Count(r.Requests), figures.Rate(r.RateRPS), figures.Percent(float64(r.Failed), float64(r.Requests)),
		figures.Percent(float64(r.Dropped), float64(r.Requests+r.Dropped)), figures.Micros(l.P50), figures.Micros(l.P90), figures.Micros(l.P95), figures.Micros(l.P99), figures.Micros(l.Max))
	if len(r.Named) > 0 {
		title := "request"
		if r.Scenarios != nil {
			title = "step"
		}
		fmt.Fprintf(&b, "\n| %s | requests | failed | p50 | p95 | p99 |\n|---|---:|---:|---:|---:|---:|\n", title)
		for _, n := range r.Named {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", escaped(n.Name), figures.Count(n.Requests), figures.Count(n.Errors+n.Unexpected),
				figures.Micros(n.Latency.P50), figures.Micros(n.Latency.P95), figures.Micros(n.Latency.P99))
		}
	}
	if r.Scenarios != nil {
		for _, s := range scenarioTables(r.Scenarios) {
			s.markdown(&b)
		}
	}
	if groups := r.Failing(); len(groups) > 0 {
		b.WriteString("\nThe first request that failed in each way:\n\n")
		for _, g := range groups[:min(len(groups), exampleLines)] {
			fmt.Fprintf(&b, "- %s\n", escaped(ExchangeTitle(&g[0])))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown writes the table under its title.
func (s section) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n**%s**\n\n|", s.Title)
	rule := "|"
	for _, c := range s.Columns {
		b.WriteString(" " + c.Name + " |")
		if c.Number {
			rule += "---:|"
		} else {
			rule += "---|"
		}
	}
	b.WriteString("\n" + rule + "\n")
	for _, row := range s.Rows {
		b.WriteString("|")
		for _, f := range row {
			b.WriteString(" " + escaped(f.Text) + " |")
		}
		b.WriteString("\n")
	}
}

// escaped escapes text from outside for Markdown.
func escaped(s string) string {
	s = clean(s, 300)
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", `\#`, "!", `\!`).Replace(s)
}
