package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

// killedWithin is how long a killed driver may take to exit.
const killedWithin = 10 * time.Second

// end stops the folder's drivers and removes the folder and unused binaries: with Purge this one too.
func (s *server) end() error {
	ignoreSignals()
	if _, err := os.Stat(s.folder()); err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.within(ctx, s.endFolder); err != nil {
			return err
		}
	}
	keep := ""
	if !s.order.Purge {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		keep = filepath.Base(filepath.Dir(self))
	}
	return prune(s.order.Root, keep)
}

func (s *server) endFolder() error {
	if err := os.Remove(s.planFile()); err != nil && !errors.Is(err, os.ErrNotExist) { // no longer supervised
		return err
	}
	names := s.held()
	if err := s.endAll(context.Background(), names, func() { _ = s.say(hosts.Answer{Drivers: s.state()}) }); err != nil {
		return err
	}
	return os.RemoveAll(s.folder())
}

// held returns the names of the folder's drivers.
func (s *server) held() (names []string) {
	files, _ := filepath.Glob(filepath.Join(s.drivers(), "*.pid"))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".pid"))
	}
	return names
}

// endAll drains all drivers concurrently, and kills those that exceed the order's grace.
func (s *server) endAll(ctx context.Context, names []string, ended func()) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(s.order.Grace)*time.Millisecond)
	defer cancel()
	failed := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			failed[i] = s.endOne(ctx, name)
			ended()
		})
	}
	wg.Wait()
	reap()
	return errors.Join(failed...)
}

func (s *server) endOne(ctx context.Context, name string) error {
	err := daemon.Stop(ctx, s.drivers(), name, io.Discard)
	if err == nil || errors.Is(err, daemon.ErrNone) {
		return nil
	}
	pid, _, _, lookErr := daemon.Look(s.drivers(), name)
	if lookErr != nil || pid == 0 {
		return lookErr
	}
	if err := kill(pid); err != nil {
		return fmt.Errorf("kill process %d of driver %s: %w", pid, name, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), killedWithin)
	defer cancel()
	if err := daemon.Stop(ctx, s.drivers(), name, io.Discard); err != nil && !errors.Is(err, daemon.ErrNone) {
		return err
	}
	return nil
}

// state returns the current state of the drivers.
func (s *server) state() (list []hosts.Driver) {
	for _, name := range s.held() {
		pid, joined, left, err := daemon.Look(s.drivers(), name)
		if err == nil {
			list = append(list, hosts.Driver{Name: name, PID: pid, Joined: joined, Left: left})
		}
	}
	return list
}

// look reports what runs.
func (s *server) look(ctx context.Context) error {
	if _, err := os.Stat(s.folder()); err != nil {
		return nil
	}
	return s.within(ctx, func() error { return s.say(hosts.Answer{Drivers: s.state()}) })
}

// prune removes the cached binaries except one, and then empty folders, unless a fleet uses them.
func prune(root, keep string) error {
	if err := os.Remove(filepath.Join(root, "fleets")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil // another fleet uses them
	}
	bin := filepath.Join(root, "bin")
	entries, err := os.ReadDir(bin)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if sum, err := hex.DecodeString(e.Name()); err == nil && len(sum) == sha256.Size && e.Name() != keep {
			if err := os.RemoveAll(filepath.Join(bin, e.Name())); err != nil {
				return err
			}
		}
	}
	_ = os.Remove(bin) // fails if foreign files are left
	_ = os.Remove(root)
	return nil
}
