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
	Name           string            `placeholder:"NAME" help:"Name in the fleet (host name and a short suffix)."`
	Label          map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label to select the driver by; repeatable."`
	AllowTarget    []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"What this driver may load; repeatable (loopback alone)."`
	MaxRate        float64           `name:"max-rate" placeholder:"RPS" help:"Cap of its requests per second (none)."`
	MaxConnections int               `name:"max-connections" placeholder:"N" help:"Cap of its connections (none)."`
	MaxDuration    time.Duration     `name:"max-duration" placeholder:"TIME" help:"Cap of a run's duration (none)."`
	Threads        int               `placeholder:"N" help:"Threads of the load engine (one a core)."`
	Portable       bool              `help:"Use the load engine's portable loop."`
	Bind           []netip.Addr      `placeholder:"ADDRESS" help:"Source address of its connections; several are used in turn."`
	Detach         bool              `help:"Go on in the background when the session ends; log and pid file are in the data folder."`
	Stop           bool              `help:"End the detached drivers of this machine, or the one with --name."`
	Detached       bool              `hidden:"" help:"Be the background process of --detach."`
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
			if err == nil { // one that failed leaves its pid file, as one that was killed does
				held.Release()
			}
		}()
	}
	return c.drive(a, held)
}

// check says which flag is wrong, while whoever typed it still listens.
func (c *driverCmd) check(version string, log *slog.Logger) error {
	if err := c.config(version, log).Validate(); err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--%w", err)}
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
	log := a.log()
	ctx := until(c.ending())
	bus, err := connect.Await(ctx, c.Kafka, a.Data, log)
	if errors.Is(err, exit.ErrInterrupted) {
		return nil // told to end before it ever reached Kafka
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
	if c.Life.UntilEOF { // the parent is gone, and so may be the broker
		context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, d.Quit) })
	}
	return d.Run(ctx)
}

// ending is closed when the driver is to drain. A session that is over closes it, but not for a detached driver.
func (c *driverCmd) ending() <-chan struct{} {
	signal.Ignore(syscall.SIGPIPE) // the log may go to a session that is over
	if c.Detached {
		signal.Ignore(syscall.SIGHUP)
	}
	end := c.Life.ending("draining; once more ends at once")
	if c.Detached || os.Getenv("SSH_CONNECTION") == "" {
		return end
	}
	return process.Either(end, process.SessionOver(os.Stderr))
}
