package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"landfall/node/detach"
	"landfall/node/sshfleet"
	"landfall/node/sshfleet/hosts"
)

type downCmd struct {
	named
	Purge bool `help:"Remove the cached binary from the hosts too, and what is remembered here."`
}

// Run ends the fleet: the process that watches it does that if there is one, for it holds the tunnels.
func (c *downCmd) Run(w *World) error {
	s, f, err := c.open(w)
	if err != nil {
		return err
	}
	ctx := until(ending("leaving; drivers may be left, landfall fleet down again ends them"))
	b := board(os.Stderr)
	if err := endWatcher(ctx, s, b); err != nil {
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
	if c.Purge || !allDown(states) {
		if len(states) > 0 {
			f.Remember(states)
		}
		done := make(chan struct{})
		shown := make(chan struct{})
		go func() { defer close(shown); follow(b, f.States, done) }()
		err = f.Down(ctx, c.Purge)
		close(done)
		<-shown
		if saved := s.SaveStates(f.States()); err == nil {
			err = saved
		}
	}
	if err == nil && c.Purge {
		err = os.RemoveAll(s.Dir)
	}
	return err
}

func allDown(states []hosts.State) bool {
	for _, s := range states {
		if s.Phase != hosts.Down || s.Touched {
			return false
		}
	}
	return len(states) > 0
}

// endWatcher has the watching process end the fleet, and shows how it does.
func endWatcher(ctx context.Context, s sshfleet.Store, b *hosts.Board) error {
	if _, yes := watched(s); !yes {
		return nil
	}
	done, shown := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shown)
		follow(b, func() []hosts.State { states, _ := s.States(); return states }, done)
	}()
	err := detach.Stop(ctx, s.Dir, watcher, io.Discard)
	close(done)
	<-shown
	if errors.Is(err, detach.ErrNone) { // it ended in the meantime
		return nil
	}
	return err
}

// hold makes this process the only one that acts on the fleet.
func hold(s sshfleet.Store, name string) (*detach.Held, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, err
	}
	held, err := detach.Hold(s.Dir, watcher)
	if err == nil {
		return held, nil
	}
	if pid, yes := watched(s); yes {
		return nil, fmt.Errorf("fleet %s: process %d sees to it already; landfall fleet down ends it", name, pid)
	}
	return nil, err
}
