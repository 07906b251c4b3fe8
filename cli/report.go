package cli

import (
	"encoding/json"
	"errors"
	"os"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/report/render"
)

type reportCmd struct {
	Kafka    connect.Flags `embed:"" group:"Kafka"`
	Runs     []string      `arg:"" optional:"" name:"RUN|FILE" help:"Run (its id, the beginning of it, or last) or report file. With several, the last is compared with the others. With none, list all runs."`
	JSON     bool          `name:"json" xor:"form" help:"Print JSON."`
	CSV      bool          `name:"csv" xor:"form" help:"Print CSV, one line per second."`
	HTML     bool          `name:"html" xor:"form" help:"Print a self-contained HTML page with charts; of several runs, drawn over each other."`
	Markdown bool          `xor:"form" help:"Print Markdown."`
	Baseline []string      `sep:"none" placeholder:"NAME|FILE" help:"Compare with a baseline (see landfall baseline) or a report file; repeatable."`
	FailOn   []string      `name:"fail-on" sep:"none" placeholder:"'p99>+10%'" help:"Exit 99 if the comparison finds this change, beyond the noise; worse means any figure; repeatable."`
	Least    float64       `placeholder:"PERCENT" help:"Smallest difference that counts with a baseline of fewer than three runs (10)."`
}

func (c *reportCmd) Run(a *app) error {
	compares := len(c.Baseline) > 0 || len(c.Runs) > 1
	switch {
	case c.CSV && (compares || len(c.Runs) != 1):
		return &exit.UsageError{Err: errors.New("--csv: needs exactly one RUN and no baseline")}
	case c.HTML && len(c.Runs) == 0:
		return &exit.UsageError{Err: errors.New("--html: needs a RUN; the list of runs is text or JSON")}
	case c.Markdown && len(c.Runs) == 0:
		return &exit.UsageError{Err: errors.New("--markdown: needs a RUN; the list of runs is text or JSON")}
	}
	if len(c.Runs) == 0 {
		return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
			if c.JSON {
				return listJSON(o, os.Stdout)
			}
			return List(o, os.Stdout)
		})
	}
	out := &outputs{Baseline: c.Baseline, FailOn: c.FailOn, Least: c.Least, others: len(c.Runs) > 1}
	if err := out.prepare(a); err != nil {
		return &exit.UsageError{Err: err}
	}
	return a.reports(c.Kafka, c.Runs, func(found []*report.Report) error {
		last := len(found) - 1
		out.base = append(out.base, found[:last]...)
		return c.compare(out, found[last])
	})
}

// compare prints a report and its comparison.
func (c *reportCmd) compare(out *outputs, r *report.Report) error {
	comparison := out.compared(r)
	if comparison == nil {
		return c.show(r)
	}
	var err error
	switch {
	case c.JSON:
		err = json.NewEncoder(os.Stdout).Encode(comparison)
	case c.HTML:
		err = render.ComparisonHTML(os.Stdout, out.base, r, comparison)
	case c.Markdown:
		err = errors.Join(render.Markdown(os.Stdout, r), render.ComparisonMarkdown(os.Stdout, comparison))
	default:
		if len(out.base) == 1 {
			err = render.Compare(os.Stdout, out.base[0], r, colored(os.Stdout))
		} else {
			err = render.Text(os.Stdout, r, colored(os.Stdout))
		}
		err = errors.Join(err, render.Comparison(os.Stdout, comparison, colored(os.Stdout)))
	}
	if err != nil {
		return err
	}
	if code := out.judge(&report.Report{Outcome: report.Finished}, comparison); code != exit.Passed {
		return exitCode(code)
	}
	return nil
}

func (c *reportCmd) show(r *report.Report) error {
	switch {
	case c.JSON:
		return json.NewEncoder(os.Stdout).Encode(r)
	case c.CSV:
		return render.CSV(os.Stdout, r)
	case c.HTML:
		return render.HTML(os.Stdout, r)
	case c.Markdown:
		return render.Markdown(os.Stdout, r)
	}
	return render.Text(os.Stdout, r, colored(os.Stdout))
}

// finish prints the report of a run, writes its files, and returns the exit code of its outcome.
func finish(r *report.Report, asJSON bool, out *outputs) error {
	comparison := out.compared(r)
	err := (&reportCmd{JSON: asJSON}).show(r)
	if comparison != nil && !asJSON && err == nil {
		err = render.Comparison(os.Stdout, comparison, colored(os.Stdout))
	}
	if err = errors.Join(err, out.write(r, comparison)); err != nil {
		return err
	}
	return exitCode(out.judge(r, comparison))
}
