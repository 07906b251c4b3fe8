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
	Runs     []string      `arg:"" optional:"" name:"RUN|FILE" help:"A run or a report file; a second one is compared with the first, more are its baseline and the last one is judged; none: list all runs."`
	JSON     bool          `name:"json" xor:"form" help:"As JSON."`
	CSV      bool          `name:"csv" xor:"form" help:"As CSV, a line per second."`
	HTML     bool          `name:"html" xor:"form" help:"As one page, with charts, that needs nothing else."`
	Markdown bool          `xor:"form" help:"As Markdown."`
	Baseline []string      `sep:"none" placeholder:"NAME|FILE" help:"Compare with a baseline (see landfall baseline) or with a report file; repeatable."`
	FailOn   []string      `name:"fail-on" sep:"none" placeholder:"'p99>+10%'" help:"Exit 99 if the comparison finds this, beyond the noise; worse: any figure; repeatable."`
	Least    float64       `placeholder:"PERCENT" help:"Least difference that is called one against a baseline of fewer than three runs (10)."`
}

func (c *reportCmd) Run(a *app) error {
	compares := len(c.Baseline) > 0 || len(c.Runs) > 1
	switch {
	case (c.CSV || c.HTML) && (compares || len(c.Runs) != 1):
		return &exit.UsageError{Err: errors.New("--csv and --html: must be given with one RUN and no baseline")}
	case (c.JSON || c.Markdown) && len(c.Runs) == 0:
		return &exit.UsageError{Err: errors.New("--json and --markdown: must be given with a RUN; the list of runs is text")}
	}
	if len(c.Runs) == 0 {
		return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
			List(o, os.Stdout)
			return nil
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

// compare shows a report with its comparison.
func (c *reportCmd) compare(out *outputs, r *report.Report) error {
	comparison := out.compared(r)
	if comparison == nil {
		return c.show(r)
	}
	var err error
	switch {
	case c.JSON:
		err = json.NewEncoder(os.Stdout).Encode(comparison)
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

// finish prints the report of a run that this process did, writes its files, and ends as it ended.
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
