package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/cli/exit"
	"landfall/cli/local"
	"landfall/cli/process"
	"landfall/cli/progress"
	"landfall/cli/specflags"
	"landfall/node/orchestrator"
	"landfall/node/report"
)

type runCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
	specflags.Flags
	Args     []string      `arg:"" optional:"" name:"spec.yaml|URL" help:"What to load: a spec file, a URL, or both."`
	Drivers  string        `default:"all" placeholder:"WHICH" help:"all, a number to wait for, or a list of ids and label=value (all)."`
	Wait     time.Duration `placeholder:"TIME" help:"How long to wait for drivers (10s; 3s for the first one of all)."`
	Local    bool          `help:"In this one process, without Kafka and drivers."`
	Threads  int           `placeholder:"N" help:"With --local: threads of the load engine (one a core)."`
	Portable bool          `help:"With --local: use the load engine's portable loop."`
	Bind     []netip.Addr  `placeholder:"ADDRESS" help:"With --local: source address of its connections; several are used in turn."`
	JSON     bool          `name:"json" help:"Print the report as JSON."`
	Quiet    bool          `help:"No progress."`
	Count    string        `name:"target-count" placeholder:"URL#COUNTER" help:"Read the target's own counter of requests (Prometheus text) before and after the run, and report if it counts differently."`
	Outputs  outputs       `embed:"" group:"Results"`
}

func (c *runCmd) Run(a *app) error {
	r, err := c.do(a)
	if r == nil {
		return err
	}
	return finishWith(r, c.JSON, &c.Outputs, err)
}

// do does the run and returns its report.
func (c *runCmd) do(a *app) (*report.Report, error) {
	if err := c.check(); err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	spec, err := c.Flags.Spec(c.Args, os.Stdin)
	if err != nil {
		return nil, &exit.UsageError{Err: specflags.Explain(err, a.args)}
	}
	sel, err := specflags.ParseDrivers(c.Drivers, c.Wait)
	if err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	if err := c.Outputs.prepare(a); err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	counter, err := parseTargetCounter(c.Count)
	if err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	var r *report.Report
	end := process.Ending(exit.Interrupted, "stopping the run; once more leaves at once")
	use := func(o *orchestrator.Orchestrator) (err error) {
		l := Launch{Orchestrator: o, Spec: spec, Selection: sel, Interrupt: end, Watch: watch(o, c.Quiet)}
		r, err = counted(counter, func() (*report.Report, error) { return l.Do(context.Background()) })
		return err
	}
	if c.Local {
		log := a.logFrom(slog.LevelWarn) // why connections fail
		if c.Quiet {
			log = a.quietLog()
		}
		debug.SetGCPercent(20) // little is allocated once load flows
		err = local.Run(context.Background(), local.Config{Spec: spec, By: environ.User(), Host: environ.Host(), Version: a.version, Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: log}, use)
	} else {
		if c.Kafka.Keys.Ring == "" && !c.Quiet {
			fmt.Fprintln(os.Stderr, orchestrator.Unsigned)
		}
		err = a.conduct(until(end), c.Kafka, use)
	}
	return r, err
}

// finishWith prints the report of a run, and on stderr what is to be said about it.
func finishWith(r *report.Report, asJSON bool, out *outputs, why error) error {
	code := finish(r, asJSON, out)
	if why != nil {
		fmt.Fprintln(os.Stderr, "landfall:", why)
	}
	if errors.Is(why, errNotStopped) {
		return exitCode(exit.Interrupted)
	}
	return code
}

// check refuses flags that this kind of run does not heed.
func (c *runCmd) check() error {
	switch {
	case !c.Local && (c.Threads != 0 || c.Portable || len(c.Bind) > 0):
		return errors.New("--threads, --portable and --bind: only with --local; drivers have their own")
	case c.Local && (c.Drivers != "all" || c.Wait != 0):
		return errors.New("--drivers and --wait: not with --local, which has no drivers")
	}
	return nil
}

// watch shows progress on stderr.
func watch(o *orchestrator.Orchestrator, quiet bool) func(context.Context, string) {
	if quiet {
		return nil
	}
	line := &progress.Line{Out: os.Stderr, Terminal: term.IsTerminal(int(os.Stderr.Fd())), Color: colored(os.Stderr), Source: o}
	line.Width, _, _ = term.GetSize(int(os.Stderr.Fd()))
	return line.Watch
}

func colored(f *os.File) bool {
	return term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
