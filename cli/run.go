package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
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
	Args     []string      `arg:"" optional:"" name:"spec.yaml|URL" help:"Spec file, URL, or both; - reads the spec from standard input."`
	Drivers  string        `default:"all" placeholder:"WHICH" help:"all, a number of drivers to wait for, or a list of ids and label=value (all)."`
	Wait     time.Duration `placeholder:"TIME" help:"How long to wait for drivers (10s; with --drivers all, 3s for the first)."`
	Local    bool          `help:"Run in this process, without Kafka and drivers."`
	Threads  int           `placeholder:"N" help:"With --local: threads of the load engine (one per core)."`
	Portable bool          `help:"With --local: use the load engine's portable loop."`
	Bind     []netip.Addr  `sep:"," placeholder:"ADDRESS" help:"With --local: source addresses of connections, used in turn; repeatable."`
	JSON     bool          `name:"json" help:"Print the report as JSON."`
	Quiet    bool          `help:"Do not show progress."`
	Count    string        `name:"target-count" placeholder:"URL#COUNTER" help:"Compare with the target's own request counter (Prometheus text), read before and after the run."`
	Outputs  outputs       `embed:"" group:"Results"`
}

func (c *runCmd) Run(a *app) error {
	r, err := c.do(a)
	if r == nil {
		return err
	}
	return finishWith(r, c.JSON, &c.Outputs, err)
}

// do runs the test and returns its report.
func (c *runCmd) do(a *app) (*report.Report, error) {
	if err := c.check(); err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	c.Note = note
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
	end := process.Ending(exit.Interrupted, "stopping the run; press Ctrl-C again to quit at once")
	use := func(o *orchestrator.Orchestrator) (err error) {
		l := Launch{Orchestrator: o, Spec: spec, Selection: sel, Interrupt: end, Watch: watch(o, c.Quiet), Waiting: waitingForDrivers(c.Drivers, c.Quiet || c.Local)}
		r, err = counted(counter, func() (*report.Report, error) { return l.Do(context.Background()) })
		return err
	}
	if c.Local {
		log := a.logFrom(slog.LevelWarn) // logs why connections fail
		if c.Quiet {
			log = a.quietLog()
		}
		process.Sparing(20) // little is allocated during the run
		err = local.Run(context.Background(), local.Config{Spec: spec, By: environ.User(), Host: environ.Host(), Version: a.version, Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: log}, use)
	} else {
		process.Sparing(25)
		err = withoutBroker(a.conduct(until(end), c.Kafka, func(o *orchestrator.Orchestrator) error {
			if c.Kafka.Keys.Ring == "" && !c.Quiet {
				fmt.Fprintln(os.Stderr, orchestrator.Unsigned)
			}
			return use(o)
		}))
	}
	return r, err
}

// withoutBroker adds to an error about a missing broker that --local needs none.
func withoutBroker(err error) error {
	if connect.Unreachable(err) {
		return fmt.Errorf("%w (to run in this process, without Kafka, add --local)", err)
	}
	return err
}

// finishWith prints the report of a run, and the error of the run on stderr.
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

// check refuses flags that do not apply to this kind of run.
func (c *runCmd) check() error {
	switch {
	case !c.Local && (c.Threads != 0 || c.Portable || len(c.Bind) > 0):
		return errors.New("--threads, --portable and --bind: only with --local; drivers have their own")
	case c.Local && (c.Drivers != "all" || c.Wait != 0):
		return errors.New("--drivers and --wait: not with --local, which has no drivers")
	case c.Threads < 0 || c.Threads > maxThreads:
		return fmt.Errorf("--threads %d: must be between 1 and %d", c.Threads, maxThreads)
	}
	return bindable(c.Bind)
}

// maxThreads is the highest number of threads of a load engine.
const maxThreads = 1024

// bindable reports the first --bind address that this machine does not have.
func bindable(list []netip.Addr) error {
	for _, a := range list {
		l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, 0)))
		if err != nil {
			return fmt.Errorf("--bind %s: must be an address of this machine", a)
		}
		l.Close()
	}
	return nil
}

// waitingForDrivers returns a function that prints what a run waits for.
func waitingForDrivers(which string, quiet bool) func() {
	if quiet {
		return nil
	}
	return func() { fmt.Fprintf(os.Stderr, "waiting for drivers (--drivers %s)\n", which) }
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
