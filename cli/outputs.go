package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"landfall/cli/exit"
	"landfall/node/report"
	"landfall/node/report/render"
)

// outputs are the flags for report files and for the comparison with a baseline.
type outputs struct {
	Out      string   `placeholder:"FILE" help:"Also write the report as JSON to a file; landfall report can show it later."`
	JUnit    string   `name:"junit" placeholder:"FILE" help:"Write JUnit XML with a test case for each threshold and compared figure."`
	Markdown string   `placeholder:"FILE" help:"Write a Markdown summary."`
	Summary  bool     `name:"github-summary" help:"Append the Markdown summary to $GITHUB_STEP_SUMMARY."`
	Baseline []string `sep:"none" placeholder:"NAME|FILE" help:"Compare with a baseline (see landfall baseline) or a report file; repeatable."`
	FailOn   []string `name:"fail-on" sep:"none" placeholder:"'p99>+10%'" help:"Exit 99 if the comparison finds this change, beyond the noise; worse means any figure; repeatable."`
	Least    float64  `placeholder:"PERCENT" help:"Smallest difference that counts with a baseline of fewer than three runs (10)."`

	others bool // the baseline is given as arguments
	base   []*report.Report
	gates  []report.Gate
}

// prepare reads the baseline and validates the flags, before anything runs.
func (o *outputs) prepare(a *app) error {
	if len(o.FailOn) > 0 && len(o.Baseline) == 0 && !o.others {
		return errors.New("--fail-on: needs a baseline (--baseline) to compare with")
	}
	if o.Least < 0 || o.Least > 1000 {
		return fmt.Errorf("--least %v: must be between 0 and 1000 percent", o.Least)
	}
	if o.Summary && os.Getenv("GITHUB_STEP_SUMMARY") == "" {
		return errors.New("--github-summary: GITHUB_STEP_SUMMARY is not set; GitHub Actions sets it in every step")
	}
	for _, file := range []struct{ flag, path string }{{"--out", o.Out}, {"--junit", o.JUnit}, {"--markdown", o.Markdown}} {
		if err := writable(file.path); err != nil {
			return exit.Unread(file.flag, err)
		}
	}
	for _, expr := range o.FailOn {
		gate, err := report.ParseGate(expr)
		if err != nil {
			return fmt.Errorf("--fail-on %w", err)
		}
		o.gates = append(o.gates, gate)
	}
	for _, name := range o.Baseline {
		list, err := a.baseline(name)
		if err != nil {
			return fmt.Errorf("--baseline %w", err)
		}
		o.base = append(o.base, list...)
	}
	return nil
}

// compared returns the comparison with the baseline, or nil without one.
func (o *outputs) compared(r *report.Report) *report.Comparison {
	if len(o.base) == 0 {
		return nil
	}
	return report.Compared(o.base, r, o.Least/100)
}

// write writes the files. It tries all of them and returns the joined errors.
func (o *outputs) write(r *report.Report, c *report.Comparison) error {
	var failed []error
	file := func(path string, flag int, write func(io.Writer) error) {
		if path != "" {
			failed = append(failed, writeFile(path, flag, write))
		}
	}
	markdown := func(w io.Writer) error {
		if err := render.Markdown(w, r); err != nil || c == nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		return render.ComparisonMarkdown(w, c)
	}
	file(o.Out, os.O_TRUNC, func(w io.Writer) error { return json.NewEncoder(w).Encode(r) })
	file(o.JUnit, os.O_TRUNC, func(w io.Writer) error { return render.JUnit(w, r, c) })
	file(o.Markdown, os.O_TRUNC, markdown)
	if o.Summary {
		file(os.Getenv("GITHUB_STEP_SUMMARY"), os.O_APPEND, markdown)
	}
	return errors.Join(failed...)
}

// judge returns the exit code of a run with its comparison: a crossed gate fails a run that passed.
func (o *outputs) judge(r *report.Report, c *report.Comparison) int {
	code := exit.Code(r)
	for _, gate := range o.gates {
		if why := gate.Crossed(c); why != "" {
			fmt.Fprintf(os.Stderr, "landfall: --fail-on %s: %s\n", gate.Expr, why)
			if code == exit.Passed {
				code = exit.Threshold
			}
		}
	}
	return code
}

// written writes to w and keeps the first error, for output in many small parts.
type written struct {
	w   io.Writer
	err error
}

// Write always succeeds; see err.
func (o *written) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.w.Write(p)
	}
	return len(p), nil
}
