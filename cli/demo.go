package cli

import (
	"context"
	"fmt"
	"os"

	"landfall/cli/connect"
	"landfall/cli/demo"
	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/node/orchestrator"
	"landfall/node/report"
	"landfall/tui"
)

type demoCmd struct {
	Drivers int  `default:"3" placeholder:"N" help:"Number of drivers (3)."`
	JSON    bool `name:"json" help:"Print the report as JSON."`
	Quiet   bool `help:"Do not show progress."`
	Parent  bool `name:"with-parent" hidden:"" help:"Exit when the parent process exits, such as make."`
}

func (c *demoCmd) Run(a *app) error {
	if c.Drivers < 1 || c.Drivers > 100 {
		return &exit.UsageError{Err: fmt.Errorf("--drivers %d: must be between 1 and 100", c.Drivers)}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if tui.Usable() && !c.JSON {
		return c.console(a, self)
	}
	if c.Parent {
		process.WithParent(func() { os.Exit(exit.Failed) }) // its own children then exit, too
	}
	end := process.Ending(exit.Interrupted, "stopping; press Ctrl-C again to quit at once")
	f, err := demo.Start(until(end), demo.Config{Binary: self, Drivers: c.Drivers})
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(os.Stderr, "broker %s, target %s, %d drivers; logs in %s until the end\n", f.Broker, f.Target, c.Drivers, f.Dir)
	var r *report.Report
	err = a.conduct(until(end), flagsOf(f), func(o *orchestrator.Orchestrator) (err error) {
		l := Launch{Orchestrator: o, Spec: demo.Spec(f.Target), Interrupt: end, Watch: watch(o, c.Quiet)}
		l.Selection.Count = c.Drivers
		r, err = l.Do(context.Background())
		return err
	})
	if err != nil {
		return err
	}
	return finish(r, c.JSON, &outputs{})
}

// console runs the demo on a terminal: a first run starts by itself, and the forms are filled in for the next
// one.
func (c *demoCmd) console(a *app, self string) error {
	f, err := demo.Start(context.Background(), demo.Config{Binary: self, Drivers: c.Drivers})
	if err != nil {
		return err
	}
	defer f.Close()
	a.Data = f.Dir
	first := tui.FirstRun{Spec: demo.Shown(f.Target), Drivers: c.Drivers, Says: "a first run: x kills a driver, S stops it, T composes the next"}
	shown := consoleCmd{Kafka: flagsOf(f), first: &first}
	return shown.show(a, demo.Spec(f.Target), nil) // the demo's broker exits with it: no other fleet could use it
}

// flagsOf returns the flags for the demo's broker and its operator's key.
func flagsOf(f *demo.Fleet) connect.Flags {
	return connect.Flags{Brokers: []string{f.Broker}, Keys: connect.KeyFlags{Ring: f.Ring, Key: f.Key}}
}
