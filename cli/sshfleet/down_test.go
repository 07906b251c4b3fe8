//go:build unix

package sshfleet

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"landfall/node/remote/daemon"
	"landfall/node/remote/hosts"
)

func TestAllDown(t *testing.T) {
	down, left := hosts.State{Phase: hosts.Down}, hosts.State{Phase: hosts.Down, Touched: true}
	for name, c := range map[string]struct {
		states []hosts.State
		want   bool
	}{
		"down": {[]hosts.State{down, down}, true}, "up": {[]hosts.State{down, {Phase: hosts.Up}}, false}, "drivers may be left": {[]hosts.State{down, left}, false}, "nothing is known": {nil, false},
	} {
		if got := allDown(c.states); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDown(t *testing.T) {
	for name, c := range map[string]struct {
		states []hosts.State
		purge  bool
		calls  bool
		failed string // in the error; "": none
	}{
		"already down":          {[]hosts.State{{Host: "a", Phase: hosts.Down}, {Host: "b", Phase: hosts.Down}}, false, false, ""},
		"one may have drivers":  {[]hosts.State{{Host: "a", Phase: hosts.Down}, {Host: "b", Phase: hosts.Up, Touched: true}}, false, true, "host b: drivers may be left"},
		"nothing is known":      {nil, false, true, "host a: drivers may be left"},
		"a purge asks all":      {[]hosts.State{{Host: "a", Phase: hosts.Down}, {Host: "b", Phase: hosts.Down}}, true, true, "its cached binary may be left"},
		"nothing was ever done": {[]hosts.State{{Host: "a", Phase: hosts.Waiting}, {Host: "b", Phase: hosts.Waiting}}, false, false, ""},
	} {
		w, s, calls := stored(t, c.states...)
		var out bytes.Buffer
		err := (&downCmd{named: named{"f"}, Purge: c.purge}).end(t.Context(), w, &hosts.Board{Out: &out})
		if (err == nil) != (c.failed == "") || err != nil && !strings.Contains(err.Error(), c.failed) || (called(t, calls) != "") != c.calls {
			t.Errorf("%s: %v, called %q", name, err, called(t, calls))
		}
		if text := called(t, calls); c.failed == "host b: drivers may be left" && strings.Contains(text, "-- a ") {
			t.Errorf("%s: the other host was called: %s", name, text)
		}
		if _, err := os.Stat(s.Dir); err != nil {
			t.Errorf("%s: its state was removed", name)
		}
		if states, err := s.States(); err != nil || c.calls && len(states) != 2 {
			t.Errorf("%s: stored %+v, %v", name, states, err)
		}
	}
}

// A fleet is managed by one process at a time.
func TestHoldIsExclusive(t *testing.T) {
	_, s, _ := stored(t)
	held, err := hold(s, "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, yes := supervisor(s); !yes {
		t.Error("it is not watched")
	}
	if _, err := hold(s, "f"); err == nil || !strings.Contains(err.Error(), "fleet f") {
		t.Errorf("held twice: %v", err)
	}
	held.Release()
	if pid, yes := supervisor(s); yes {
		t.Errorf("supervised by %d", pid)
	}
	if err := stopSupervisor(t.Context(), s, &hosts.Board{Out: os.Stderr}); err != nil {
		t.Errorf("nobody watches: %v", err)
	}
	if _, err := os.Stat(daemon.FilesOf(s.Dir, supervisorName).Pid); err == nil {
		t.Error("the PID file is left")
	}
}
