package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/node/report/render"
)

type reportCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
	Runs  []string      `arg:"" optional:"" name:"RUN" help:"One run, or two to compare; none: list all."`
	JSON  bool          `name:"json" xor:"form" help:"As JSON."`
	CSV   bool          `name:"csv" xor:"form" help:"As CSV, a line per second."`
	HTML  bool          `name:"html" xor:"form" help:"As one page, with charts, that needs nothing else."`
}

func (c *reportCmd) Run(a *app) error {
	if len(c.Runs) > 2 {
		return &exit.UsageError{Err: fmt.Errorf("%q: two runs at most can be compared", c.Runs)}
	}
	if (c.JSON || c.CSV || c.HTML) && len(c.Runs) != 1 {
		return &exit.UsageError{Err: errors.New("--json, --csv and --html: must be given with one RUN; lists and comparisons are text")}
	}
	return a.conduct(interrupted(), c.Kafka, func(o *orchestrator.Orchestrator) error {
		var found []*report.Report
		for _, id := range c.Runs {
			r, running, err := o.Report(id)
			if err != nil {
				return err
			}
			if running {
				fmt.Fprintf(os.Stderr, "%s is still running: this is what it did until now\n", id)
			}
			found = append(found, r)
		}
		switch len(found) {
		case 0:
			List(o, os.Stdout)
			return nil
		case 1:
			return c.show(found[0])
		}
		render.Compare(os.Stdout, found[0], found[1], colored(os.Stdout))
		return nil
	})
}

func (c *reportCmd) show(r *report.Report) error {
	switch {
	case c.JSON:
		return json.NewEncoder(os.Stdout).Encode(r)
	case c.CSV:
		return render.CSV(os.Stdout, r)
	case c.HTML:
		return render.HTML(os.Stdout, r)
	}
	render.Text(os.Stdout, r, colored(os.Stdout))
	return nil
}

// finish prints the report of a run that this process did, and ends as it ended.
func finish(r *report.Report, asJSON bool) error {
	if err := (&reportCmd{JSON: asJSON}).show(r); err != nil {
		return err
	}
	return exitCode(exit.Code(r))
}
