package sshfleet

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"

	"landfall/node/remote"
	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

// watch starts and supervises the fleet, and stops it when asked to.
func watch(s remote.Store, p remote.Plan, end <-chan struct{}, b *hosts.Board, ready func()) error {
	config, err := p.Whole()
	if err != nil {
		return err
	}
	f, err := remote.New(config)
	if err != nil {
		return err
	}
	states, err := s.States()
	if err != nil {
		return err
	}
	f.Remember(states)
	if err := s.SaveStates(f.States()); err != nil {
		return err
	}
	ready()
	done, shown := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(shown)
		record(s, f, b, done)
	}()
	up := make(chan error, 1)
	go func() { up <- f.Up(context.Background()) }()
	select {
	case err = <-up:
	case <-end:
		b.Say("landfall: stopping the drivers; press Ctrl-C again to quit at once and leave them running")
		err = f.Down(context.Background(), false)
	}
	close(done)
	<-shown
	if failed := s.SaveStates(f.States()); err == nil {
		err = failed
	}
	return err
}

// record shows the states, and saves them when they change.
func record(s remote.Store, f *remote.Fleet, b *hosts.Board, done <-chan struct{}) {
	var saved []hosts.State
	follow(b, func() []hosts.State {
		states := f.States()
		if !reflect.DeepEqual(states, saved) && s.SaveStates(states) == nil { // keep supervising even when the disk is full
			saved = states
		}
		return states
	}, done)
}

// inBackground runs the supervising process of a detached fleet.
func (c *upCmd) inBackground(w *World, s remote.Store) error {
	signal.Ignore(syscall.SIGHUP)
	end := ending("stopping the drivers")
	p, err := s.Plan()
	if err != nil {
		return err
	}
	held, err := hold(s, c.Fleet)
	if err != nil {
		return err
	}
	defer held.Release()
	p.Log = w.Log
	return watch(s, p, end, &hosts.Board{Out: io.Discard}, held.Ready)
}

// detach starts the supervising process, and waits until every host is up or has failed once.
func (c *upCmd) detach(w *World, s remote.Store, end <-chan struct{}) error {
	if err := c.startSupervisor(w, s); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		awaitHosts(s, end)
	}()
	follow(board(os.Stderr), func() []hosts.State { states, _ := s.States(); return states }, done)
	states, err := s.States()
	if err != nil {
		return err
	}
	pid, yes := supervisor(s)
	if !yes {
		return fmt.Errorf("fleet %s: its supervising process has exited; its log is %s", c.Fleet, logOf(s))
	}
	fmt.Printf("fleet %s is supervised by process %d; its log is %s\nstop it with: landfall fleet down --fleet %s\n", c.Fleet, pid, logOf(s), c.Fleet)
	return allUp(states)
}

func (c *upCmd) startSupervisor(w *World, s remote.Store) error {
	args := []string{"fleet", "up", "--watch", "--fleet", c.Fleet, "--data", w.Data}
	if err := daemon.Start(s.Dir, supervisorName, args, io.Discard); err != nil {
		return fmt.Errorf("watch fleet %s: %s", c.Fleet, strings.TrimPrefix(err.Error(), "driver "+supervisorName+" "))
	}
	return nil
}

// settleFor is the maximum time that --detach waits for hosts.
const settleFor = 10 * time.Minute

// awaitHosts waits until every host is up or has failed once.
func awaitHosts(s remote.Store, end <-chan struct{}) {
	limit := time.After(settleFor)
	tick := time.NewTicker(redrawInterval)
	defer tick.Stop()
	for {
		states, err := s.States()
		if _, yes := supervisor(s); err != nil || !yes || !slices.ContainsFunc(states, func(s hosts.State) bool { return s.Pending(time.Now()) }) {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			return
		case <-end:
			return
		}
	}
}

// logOf returns the log file of a detached supervising process.
func logOf(s remote.Store) string { return daemon.FilesOf(s.Dir, supervisorName).Log }
