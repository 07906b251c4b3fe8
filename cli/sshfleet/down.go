package sshfleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"landfall/node/remote"
	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

type downCmd struct {
	named
	Purge bool `help:"Also remove the cached binary from the hosts and the stored state of the fleet."`
}

// Run stops the fleet.
func (c *downCmd) Run(w *World) error {
	return c.end(until(ending("leaving; some drivers may still run: landfall fleet down stops them")), w, board(os.Stderr))
}

// end makes the supervising process, if there is one, stop the fleet, because it holds the tunnels. This process then stops whatever
// remains.
func (c *downCmd) end(ctx context.Context, w *World, b *hosts.Board) error {
	s, f, err := c.open(w)
	if err != nil {
		return err
	}
	if err := stopSupervisor(ctx, s, b); err != nil {
		return err
	}
	held, err := hold(s, c.Fleet)
	if err != nil {
		return err
	}
	defer held.Release()
	states, err := s.States()
	if err != nil {
		return err
	}
	if !c.Purge && allDown(states) {
		return nil
	}
	if len(states) > 0 {
		f.Remember(states)
	}
	if err := c.endHere(ctx, s, f, b); err != nil {
		return err
	}
	if c.Purge {
		return os.RemoveAll(s.Dir)
	}
	return nil
}

func (c *downCmd) endHere(ctx context.Context, s remote.Store, f *remote.Fleet, b *hosts.Board) error {
	done, shown := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shown)
		follow(b, f.States, done)
	}()
	err := f.Down(ctx, c.Purge)
	close(done)
	<-shown
	return errors.Join(err, s.SaveStates(f.States()))
}

func allDown(states []hosts.State) bool {
	for _, s := range states {
		if s.Phase != hosts.Down || s.Touched {
			return false
		}
	}
	return len(states) > 0
}

// stopSupervisor makes the supervising process stop the fleet, and shows the progress.
func stopSupervisor(ctx context.Context, s remote.Store, b *hosts.Board) error {
	if _, yes := supervisor(s); !yes {
		return nil
	}
	done, shown := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shown)
		follow(b, func() []hosts.State { states, _ := s.States(); return states }, done)
	}()
	err := daemon.Stop(ctx, s.Dir, supervisorName, io.Discard)
	close(done)
	<-shown
	if errors.Is(err, daemon.ErrNone) { // it has exited in the meantime
		return nil
	}
	return err
}

// hold locks the fleet for this process.
func hold(s remote.Store, name string) (*daemon.Held, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, err
	}
	held, err := daemon.Hold(s.Dir, supervisorName)
	if err == nil {
		return held, nil
	}
	if pid, yes := supervisor(s); yes {
		return nil, fmt.Errorf("fleet %s: process %d manages it already; landfall fleet down stops it", name, pid)
	}
	return nil, err
}
