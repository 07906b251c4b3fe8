//go:build unix

package sshfleet

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"landfall/cli/exit"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

// stored is a world with a stored fleet of hosts that refuse connections. Each attempt appends a line to calls.
func stored(t *testing.T, states ...hosts.State) (w *World, s remote.Store, calls string) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	w = &World{Data: t.TempDir(), Log: log, Quiet: log}
	s, err := remote.StoreOf(w.Data, "f")
	if err != nil {
		t.Fatal(err)
	}
	ssh := filepath.Join(w.Data, "ssh")
	calls = filepath.Join(w.Data, "calls")
	if err := os.WriteFile(ssh, []byte("#!/bin/sh\necho \"$*\" >>"+calls+"\necho 'Permission denied (publickey).' >&2\nexit 255\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	list, err := hosts.Complete([]hosts.Host{{Address: "a"}, {Address: "b"}}, hosts.Host{Drivers: 1})
	if err != nil {
		t.Fatal(err)
	}
	p := remote.Plan{Config: remote.Config{Name: "f", Hosts: list, SSH: remote.SSH{Command: ssh}, Self: ssh, Grace: time.Second}}
	if err := s.SavePlan(p); err != nil {
		t.Fatal(err)
	}
	if len(states) > 0 {
		if err := s.SaveStates(states); err != nil {
			t.Fatal(err)
		}
	}
	return w, s, calls
}

// called returns what was passed to ssh.
func called(t *testing.T, calls string) string {
	t.Helper()
	text, err := os.ReadFile(calls)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// printed returns what f writes to standard output.
func printed(t *testing.T, f func() error) (string, error) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	stdout := os.Stdout
	os.Stdout = out
	err = f()
	os.Stdout = stdout
	text, failed := os.ReadFile(out.Name())
	if failed != nil {
		t.Fatal(failed)
	}
	return string(text), err
}

func TestFleetsByName(t *testing.T) {
	w, _, _ := stored(t)
	var usage *exit.UsageError
	if _, _, err := (named{"a/b"}).open(w); !errors.As(err, &usage) {
		t.Errorf("a wrong name: %v", err)
	}
	if _, _, err := (named{"other"}).open(w); !errors.Is(err, remote.ErrUnknown) || !strings.Contains(err.Error(), "other") {
		t.Errorf("an unknown fleet: %v", err)
	}
	if s, f, err := (named{"f"}).open(w); err != nil || len(f.States()) != 2 {
		t.Errorf("%v, %v, %v", s, f, err)
	}
}

// Without a process that supervises the fleet, its hosts are asked.
func TestStatusOfAnUnwatchedFleet(t *testing.T) {
	w, _, calls := stored(t, hosts.State{Host: "a", Phase: hosts.Up}, hosts.State{Host: "b", Phase: hosts.Up})
	out, err := printed(t, func() error { return (&statusCmd{named: named{"f"}}).Run(w) })
	if err == nil || !strings.Contains(err.Error(), "2 of 2 hosts") || !strings.Contains(out, "Permission denied") || !strings.Contains(out, "not supervised") || called(t, calls) == "" {
		t.Errorf("%v\n%s", err, out)
	}
}

// The states of a fleet that is supervised are those that the supervising process stored.
func TestStatusOfAWatchedFleet(t *testing.T) {
	w, s, calls := stored(t, hosts.State{Host: "a", Phase: hosts.Up}, hosts.State{Host: "b", Phase: hosts.Up})
	held, err := hold(s, "f")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	for _, json := range []bool{false, true} {
		out, err := printed(t, func() error { return (&statusCmd{named: named{"f"}, JSON: json}).Run(w) })
		if json && (err != nil || !strings.HasPrefix(out, "[{")) || !json && (err != nil || !strings.Contains(out, "supervised by process")) || called(t, calls) != "" {
			t.Errorf("JSON %v: %v\n%s", json, err, out)
		}
	}
}

func TestLogsOfAFleet(t *testing.T) {
	w, _, _ := stored(t)
	var usage *exit.UsageError
	for _, lines := range []int{-1, 100_001} {
		if err := (&logsCmd{named: named{"f"}, Host: "a", Lines: lines}).Run(w); !errors.As(err, &usage) {
			t.Errorf("%d lines: %v", lines, err)
		}
	}
	if err := (&logsCmd{named: named{"f"}, Host: "a", Lines: 1}).Run(w); err == nil || !strings.Contains(err.Error(), "Permission denied") {
		t.Errorf("a host that refuses: %v", err)
	}
}

func TestSumOfThisBinary(t *testing.T) {
	out, err := printed(t, (&hostCmd{Sum: true}).Run)
	if err != nil || !regexp.MustCompile(`^[0-9a-f]{64}\n$`).MatchString(out) {
		t.Errorf("%q, %v", out, err)
	}
}

// What is followed is shown at once and once more at the end.
func TestFollow(t *testing.T) {
	var out bytes.Buffer
	done := make(chan struct{})
	phases := []hosts.Phase{hosts.Connecting, hosts.Up}
	asked := 0
	follow(&hosts.Board{Out: &out}, func() []hosts.State {
		phase := phases[min(asked, 1)]
		if asked++; asked == 2 {
			close(done)
		}
		return []hosts.State{{Host: "a", Phase: phase}}
	}, done)
	if asked < 2 || asked > 3 || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("asked %d times:\n%s", asked, out.String())
	}
}
