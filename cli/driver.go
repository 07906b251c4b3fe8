package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/node/driver"
	"landfall/node/remote/daemon"
)

type driverCmd struct {
	Life           lifeFlags         `embed:""`
	Kafka          connect.Flags     `embed:"" group:"Kafka"`
	Name           string            `placeholder:"NAME" help:"Driver name (host name and a short suffix)."`
	Label          map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label for selecting drivers; repeatable."`
	AllowTarget    []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"Target this driver may load (loopback only); repeatable."`
	MaxRate        float64           `name:"max-rate" placeholder:"RPS" help:"Maximum requests per second (no limit)."`
	MaxConnections int               `name:"max-connections" placeholder:"N" help:"Maximum connections (no limit)."`
	MaxDuration    time.Duration     `name:"max-duration" placeholder:"TIME" help:"Maximum duration of a run (no limit)."`
	Threads        int               `placeholder:"N" help:"Threads of the load engine (one per core)."`
	Portable       bool              `help:"Use the load engine's portable loop."`
	Bind           []netip.Addr      `sep:"," placeholder:"ADDRESS" help:"Source addresses of connections, used in turn; repeatable."`
	Detach         bool              `help:"Run in the background and survive the end of the session; the log and the PID file are in the data folder."`
	Stop           bool              `help:"Stop the detached drivers of this machine, or the one given by --name."`
	Detached       bool              `hidden:"" help:"Run as the background process of --detach."`
}

func (c *driverCmd) Run(a *app) (err error) {
	dir := filepath.Join(a.Data, "drivers")
	if c.Stop {
		return daemon.Stop(interrupted(), dir, c.Name, os.Stdout)
	}
	if c.Name == "" {
		c.Name = driver.NewName(environ.Host())
	}
	if err := c.check(a.version, a.log()); err != nil {
		return err
	}
	if c.Detach {
		return daemon.Start(dir, c.Name, daemon.Arguments(a.args, c.Name), os.Stdout)
	}
	var held *daemon.Held
	if c.Detached {
		if held, err = daemon.Hold(dir, c.Name); err != nil {
			return err
		}
		defer func() {
			if err == nil { // a driver that failed leaves its PID file, like one that was killed
				held.Release()
			}
		}()
	}
	return c.drive(a, held)
}

// check validates the flags before the driver detaches or waits for Kafka.
func (c *driverCmd) check(version string, log *slog.Logger) error {
	if err := c.config(version, log).Validate(); err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--%w", err)}
	}
	if c.Threads < 0 || c.Threads > maxThreads {
		return &exit.UsageError{Err: fmt.Errorf("--threads %d: must be between 1 and %d", c.Threads, maxThreads)}
	}
	if err := bindable(c.Bind); err != nil {
		return &exit.UsageError{Err: err}
	}
	if err := c.Kafka.Keys.Check(c.Name); err != nil {
		return err
	}
	return c.Kafka.Check()
}

func (c *driverCmd) config(version string, log *slog.Logger) driver.Config {
	return driver.Config{NodeID: c.Name, Host: environ.Host(), Version: version, Labels: c.Label, AllowTargets: c.AllowTarget,
		MaxRate: c.MaxRate, MaxConnections: c.MaxConnections, MaxDuration: c.MaxDuration, Threads: c.Threads, Portable: c.Portable, Bind: c.Bind, Log: log}
}

func (c *driverCmd) drive(a *app, held *daemon.Held) error {
	process.Sparing(25) // load allocates next to nothing
	log := a.log()
	ctx := until(c.ending())
	bus, err := connect.Await(ctx, c.Kafka, a.Data, log)
	if errors.Is(err, exit.ErrInterrupted) {
		return nil // stopped before it reached Kafka
	}
	if err != nil {
		return err
	}
	defer bus.Close()
	signed, err := c.Kafka.Keys.Sign(bus, bus.Prefix(), c.Name, log)
	if err != nil {
		return err
	}
	defer signed.Close()
	config := c.config(a.version, log)
	if signed.Keys != nil {
		config.KeyRing = signed.Keys.Version
	}
	d, err := driver.New(signed, config)
	if err != nil {
		return err
	}
	held.Ready()
	if c.Life.UntilEOF { // the parent has exited, and perhaps the broker with it
		context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, d.Quit) })
	}
	return d.Run(ctx)
}

// ending returns a channel that is closed when the driver must drain: on a signal or, unless detached, when its session closes.
func (c *driverCmd) ending() <-chan struct{} {
	signal.Ignore(syscall.SIGPIPE) // the log may go to a closed session
	if c.Detached {
		signal.Ignore(syscall.SIGHUP)
	}
	end := c.Life.ending("draining; press Ctrl-C again to quit at once")
	if c.Detached || os.Getenv("SSH_CONNECTION") == "" {
		return end
	}
	return process.Either(end, process.SessionOver(os.Stderr))
}
