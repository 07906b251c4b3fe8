//go:build unix

package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

func TestHostsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		phase hosts.Phase
		want  string
	}{
		"refuses":      {"ssh: connect to host x port 22: Connection refused", hosts.Unreachable, "Connection refused; again in "},
		"keys":         {"Permission denied (publickey).", hosts.Failed, "authentication failed: Permission denied (publickey)."},
		"unknown":      {"No ED25519 host key is known for x.\nHost key verification failed.", hosts.Failed, "its host key is not known"},
		"another":      {"@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", hosts.Failed, "its host key differs from known_hosts"},
		"configured":   {"x: Bad configuration option: y", hosts.Failed, "ssh's configuration is wrong: x: Bad configuration option: y"},
		"escapes":      {"\x1b[2Jssh: \x07boom", hosts.Unreachable, "boom"},
		"says nothing": {"", hosts.Unreachable, "ssh exited without a message"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("bad.wrong", c.says)
			f := w.fleet("bad", "good")
			up := make(chan error, 1)
			go func() { up <- f.Up(t.Context()) }()
			changed, cancel := f.Subscribe()
			defer cancel()
			limit := time.After(30 * time.Second)
			for {
				s := f.States()
				if s[0].Phase == c.phase && strings.Contains(s[0].Detail, c.want) && !strings.ContainsAny(s[0].Detail, "\x1b\x07") && s[1].Phase == hosts.Up {
					break
				}
				select {
				case <-changed:
				case <-limit:
					t.Fatalf("%+v", s)
				}
			}
			if err := f.Down(t.Context(), false); err != nil { // nothing was started on it
				t.Error(err)
			}
			if err := <-up; err != nil {
				t.Error(err)
			}
		})
	}
}

// More hanging hosts than are set up at a time delay the others only by the time limit of connecting.
func TestManyHostsThatHang(t *testing.T) {
	w := newWorld(t)
	names := []string{}
	for i := range atOnce + 1 {
		names = append(names, fmt.Sprint("h", i))
		w.write(names[i]+".hangs", "")
	}
	f := w.fleet(append(names, "good")...)
	f.c.SSH.Connect = time.Second
	up := make(chan error, 1)
	go func() { up <- f.Up(t.Context()) }()
	changed, cancel := f.Subscribe()
	defer cancel()
	for limit := time.After(30 * time.Second); f.States()[len(names)].Phase != hosts.Up; {
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("%+v", f.States())
		}
	}
	began := time.Now()
	if err := f.Down(t.Context(), false); err != nil {
		t.Error(err)
	}
	if err := <-up; err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("down took %v", took)
	}
}

// Ending the supervision leaves the drivers running.
func TestContextLeavesDriversRunning(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("h")
	ctx, cancel := context.WithCancel(t.Context())
	up := make(chan error, 1)
	go func() { up <- f.Up(ctx) }()
	await(t, f, hosts.Up)
	cancel()
	if err := <-up; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	again := w.fleet("h")
	if err := again.Look(t.Context()); err != nil || again.States()[0].Phase != hosts.Up {
		t.Errorf("%v, %+v", err, again.States())
	}
	if err := again.Down(t.Context(), false); err != nil {
		t.Error(err)
	}
	await(t, again, hosts.Down)
}
