//go:build unix

package sshfleet

import (
	"bytes"
	"testing"

	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

// A watched fleet is settled once no host is on its way up; without a process that watches it, it never will be.
func TestSettled(t *testing.T) {
	_, s, _ := stored(t, hosts.State{Host: "a", Phase: hosts.Up}, hosts.State{Host: "b", Phase: hosts.Connecting})
	awaitHosts(s, nil) // nobody watches
	held, err := hold(s, "f")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	end := make(chan struct{})
	close(end)
	awaitHosts(s, end) // interrupted
	for _, phase := range []hosts.Phase{hosts.Up, hosts.Failed} {
		if err := s.SaveStates([]hosts.State{{Host: "a", Phase: hosts.Up}, {Host: "b", Phase: phase}}); err != nil {
			t.Fatal(err)
		}
		awaitHosts(s, nil)
	}
	if err := s.SaveStates([]hosts.State{{Host: "a", Phase: hosts.Up}, {Host: "b", Phase: hosts.Connecting}}); err != nil {
		t.Fatal(err)
	}
	pending, done := make(chan struct{}), make(chan struct{})
	go func() {
		awaitHosts(s, pending)
		close(done)
	}()
	select {
	case <-done:
		t.Error("settled while a host connects")
	default:
	}
	close(pending)
	<-done
}

// Supervision ends when no host is left to supervise, or when it is asked to; the states are stored either way.
func TestWatch(t *testing.T) {
	for name, asked := range map[string]bool{"no host is left": false, "stopped": true} {
		_, s, _ := stored(t)
		p, err := s.Plan()
		if err != nil {
			t.Fatal(err)
		}
		end, ready := make(chan struct{}), 0
		if asked {
			close(end)
		}
		var out bytes.Buffer
		err = watch(s, p, end, &hosts.Board{Out: &out}, func() { ready++ })
		if asked && err != nil || !asked && err == nil || ready != 1 || out.Len() == 0 {
			t.Errorf("%s: %v, ready %d times:\n%s", name, err, ready, out.String())
		}
		states, err := s.States()
		if err != nil || len(states) != 2 {
			t.Fatalf("%s: %+v, %v", name, states, err)
		}
		for _, st := range states {
			if want := map[bool]hosts.Phase{false: hosts.Failed, true: hosts.Down}[asked]; st.Phase != want {
				t.Errorf("%s: %+v, want %s", name, st, want)
			}
		}
	}
}

// States are stored when they change.
func TestRecord(t *testing.T) {
	_, s, _ := stored(t)
	p, err := s.Plan()
	if err != nil {
		t.Fatal(err)
	}
	f, err := remote.New(p.Config)
	if err != nil {
		t.Fatal(err)
	}
	f.Remember([]hosts.State{{Host: "b", Touched: true}})
	done := make(chan struct{})
	close(done)
	record(s, f, &hosts.Board{Out: new(bytes.Buffer)}, done)
	if states, err := s.States(); err != nil || len(states) != 2 || states[0].Touched || !states[1].Touched {
		t.Errorf("%+v, %v", states, err)
	}
}
