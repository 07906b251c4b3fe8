package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"landfall/node/figures"
	"landfall/node/report"
	"landfall/node/report/baseline"
)

// Comparison writes a comparison as text: its warnings, then a line for each figure with its verdict.
func Comparison(w io.Writer, c *report.Comparison, color bool) error {
	var b bytes.Buffer
	writeComparison(&b, c, color)
	_, err := w.Write(b.Bytes())
	return err
}

func writeComparison(w io.Writer, c *report.Comparison, color bool) {
	p := pen{color}
	heading(w, p, "verdict against "+figures.Plural(int64(len(c.Base)), "run"))
	for _, line := range c.Warnings {
		fmt.Fprintf(w, "  %s\n", p.paint("▲ "+clean(line, 160), warn))
	}
	if c.NoVerdict != "" {
		fmt.Fprintf(w, "  %s\n", p.paint("no verdict: "+clean(c.NoVerdict, 160), warn))
		return
	}
	t := table{indent: "  "}
	for _, d := range c.Differences {
		mark, st := verdictMark(d.Verdict)
		name := d.Figure
		if d.Request != "" {
			name += " of " + clean(d.Request, 40)
		}
		t.add(left(mark).in(st), left(name), right(d.Value(d.Base)).in(dim), right(d.Value(d.Now)), left(d.Text).in(st))
	}
	t.write(w, p)
}

func verdictMark(v baseline.Verdict) (string, style) {
	switch v {
	case baseline.Worse:
		return "✖", bad
	case baseline.Better:
		return "✓", good
	}
	return "=", dim
}

// ComparisonMarkdown writes a comparison as a table.
func ComparisonMarkdown(w io.Writer, c *report.Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Against %s\n\n", figures.Plural(int64(len(c.Base)), "baseline run"))
	for _, line := range c.Warnings {
		fmt.Fprintf(&b, "- ▲ %s\n", escaped(line))
	}
	if c.NoVerdict != "" {
		fmt.Fprintf(&b, "- no verdict: %s\n", escaped(c.NoVerdict))
	} else {
		b.WriteString("\n| | figure | baseline | this run | verdict |\n|---|---|---:|---:|---|\n")
		for _, d := range c.Differences {
			mark, _ := verdictMark(d.Verdict)
			name := d.Figure
			if d.Request != "" {
				name += " of " + d.Request
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", mark, escaped(name), d.Value(d.Base), d.Value(d.Now), escaped(d.Text))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
