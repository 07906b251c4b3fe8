// Package sshfleet implements the command line of `landfall fleet`. It connects the packages for Kafka with node/remote, which does the
// work on the hosts.
package sshfleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"landfall/cli/exit"
	"landfall/cli/process"
	"landfall/node/remote"
	"landfall/node/remote/agent"
	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

// World holds what the program passes to the commands.
type World struct {
	Data       string // folder for data
	Log, Quiet *slog.Logger
}

// Command is `landfall fleet`.
type Command struct {
	Up     upCmd     `cmd:"" help:"Start drivers on hosts and supervise them; Ctrl-C drains and stops them."`
	Status statusCmd `cmd:"" help:"Show the state of each host."`
	Logs   logsCmd   `cmd:"" help:"Print the logs of the drivers of a host."`
	Down   downCmd   `cmd:"" help:"Drain and stop the drivers; only the cached binary stays on the hosts."`
	Host   hostCmd   `cmd:"" hidden:"" help:"Remote end of the other commands, started over SSH."`
}

// named selects a fleet.
type named struct {
	Fleet string `default:"default" placeholder:"NAME" help:"Fleet name (default)."`
}

func (n named) store(w *World) (remote.Store, error) {
	s, err := remote.StoreOf(w.Data, n.Fleet)
	if err != nil {
		return s, &exit.UsageError{Err: err}
	}
	return s, nil
}

// open returns the stored state of the fleet.
func (n named) open(w *World) (remote.Store, *remote.Fleet, error) {
	s, err := n.store(w)
	if err != nil {
		return s, nil, err
	}
	p, err := s.Plan()
	if err != nil {
		return s, nil, fmt.Errorf("fleet %s: %w", n.Fleet, err)
	}
	p.Log = w.Quiet
	f, err := remote.New(p.Config)
	return s, f, err
}

// supervisorName is the name of the supervising process, in the fleet's folder.
const supervisorName = "watch"

// supervisor reports whether a process supervises the fleet.
func supervisor(s remote.Store) (pid int, yes bool) {
	pid, _, _, err := daemon.Look(s.Dir, supervisorName)
	return pid, err == nil && pid != 0
}

func ending(word string) <-chan struct{} { return process.ServerEnding(exit.Interrupted, word) }

func until(end <-chan struct{}) context.Context { return process.Until(end, exit.ErrInterrupted) }

func board(out *os.File) *hosts.Board {
	b := &hosts.Board{Out: out}
	if term.IsTerminal(int(out.Fd())) && os.Getenv("TERM") != "dumb" {
		b.Size = func() (int, int) {
			width, height, err := term.GetSize(int(out.Fd()))
			if err != nil {
				return 80, 24
			}
			return width, height
		}
	}
	return b
}

// redrawInterval is the interval at which a table is redrawn.
const redrawInterval = 250 * time.Millisecond

// follow shows the source until done is closed, then once more.
func follow(b *hosts.Board, source func() []hosts.State, done <-chan struct{}) {
	tick := time.NewTicker(redrawInterval)
	defer tick.Stop()
	for {
		b.Show(source(), time.Now())
		select {
		case <-tick.C:
		case <-done:
			b.Show(source(), time.Now())
			return
		}
	}
}

type statusCmd struct {
	named
	JSON bool `name:"json" help:"Print JSON."`
}

// Run shows the hosts. It exits with 1 unless every host is up.
func (c *statusCmd) Run(w *World) error {
	s, f, err := c.open(w)
	if err != nil {
		return err
	}
	states, err := s.States()
	if err != nil {
		return err
	}
	pid, yes := supervisor(s)
	if !yes {
		if err := f.Look(until(ending(""))); err != nil {
			return err
		}
		states = f.States()
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(states)
	}
	width := 200
	if n, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		width = n
	}
	for _, line := range hosts.Table(states, width, 0, time.Now()) {
		fmt.Println(line)
	}
	fmt.Println(hosts.Summary(states))
	if !yes {
		fmt.Println("not supervised: crashed drivers will not be restarted (run landfall fleet up)")
	} else {
		fmt.Printf("supervised by process %d\n", pid)
	}
	return allUp(states)
}

func allUp(states []hosts.State) error {
	n := 0
	for _, s := range states {
		if s.Phase != hosts.Up {
			n++
		}
	}
	switch n {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("1 of %d hosts is not up", len(states))
	}
	return fmt.Errorf("%d of %d hosts are not up", n, len(states))
}

type logsCmd struct {
	named
	Host   string `arg:"" help:"Host name."`
	Driver string `placeholder:"NAME" help:"Print only the log of this driver."`
	Lines  int    `short:"n" default:"20" placeholder:"N" help:"Number of lines (20)."`
	On     bool   `short:"f" name:"follow" help:"Follow the log until Ctrl-C."`
}

func (c *logsCmd) Run(w *World) error {
	if c.Lines < 0 || c.Lines > 100_000 {
		return &exit.UsageError{Err: fmt.Errorf("--lines %d: must be between 0 and 100000", c.Lines)}
	}
	_, f, err := c.open(w)
	if err != nil {
		return err
	}
	ctx := until(ending(""))
	err = f.Logs(ctx, c.Host, c.Driver, c.Lines, c.On, func(driver, text string) { fmt.Println(driver + ": " + text) })
	if c.On && errors.Is(err, exit.ErrInterrupted) {
		return nil
	}
	return err
}

type hostCmd struct {
	Sum bool `help:"Print the SHA-256 of this binary."`
}

func (c *hostCmd) Run() error {
	if c.Sum {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		sum, err := remote.Checksum(self)
		if err != nil {
			return err
		}
		_, err = io.WriteString(os.Stdout, sum+"\n")
		return err
	}
	return agent.Serve(os.Stdin, os.Stdout)
}
