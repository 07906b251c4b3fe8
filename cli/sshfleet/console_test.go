//go:build unix

package sshfleet

import (
	"errors"
	"log/slog"
	"testing"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

func TestConsoleRefusesInvalidArguments(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	c := NewConsole(t.Context(), &World{Data: t.TempDir(), Log: log, Quiet: log}, connect.Flags{Brokers: []string{"127.0.0.1:1"}})
	for name, args := range map[string][]string{
		"flag": {"--colour"}, "host": {"--", "-x"}, "number": {"a", "--per-host=many"}, "fleet": {"a", "--fleet=/"}, "file": {"--hosts=/nowhere"}, "none": {},
	} {
		var usage *exit.UsageError
		if err := c.Up(t.Context(), args); !errors.As(err, &usage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.Down(t.Context(), nil); !errors.Is(err, remote.ErrUnknown) {
		t.Error(err)
	}
}

func TestConsoleShowsStoredStates(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	w := &World{Data: t.TempDir(), Log: log, Quiet: log}
	s, err := remote.StoreOf(w.Data, "default")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveStates([]hosts.State{{Host: "a", Phase: hosts.Up}}); err != nil {
		t.Fatal(err)
	}
	if got := NewConsole(t.Context(), w, connect.Flags{}).States(); len(got) != 1 || got[0].Detail == "" {
		t.Errorf("%+v, want one host, marked as not supervised", got)
	}
	if err := s.SaveStates([]hosts.State{{Host: "a", Phase: hosts.Down}}); err != nil {
		t.Fatal(err)
	}
	if got := NewConsole(t.Context(), w, connect.Flags{}).States(); len(got) != 0 {
		t.Errorf("%+v, want none of a fleet that is down", got)
	}
}
