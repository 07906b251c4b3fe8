//go:build unix

package remote

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"landfall/node/remote/hosts"
)

func TestUpAndDown(t *testing.T) {
	w := newWorld(t)
	names := []string{}
	for i := range 2*atOnce + 3 {
		names = append(names, fmt.Sprint("h", i))
	}
	f := w.fleet(names...)
	down := bring(t, f)
	if up, down := down(); up != nil || down != nil {
		t.Fatal(up, down)
	}
	await(t, f, hosts.Down)
	for _, n := range names {
		if left, _ := filepath.Glob(filepath.Join(w.dir, n, ".cache/landfall/fleets/*")); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
		if _, err := os.Stat(w.binary(n)); err != nil {
			t.Errorf("the cached binary is gone: %v", err)
		}
	}
}

func TestWrongConfigurationsAreRefused(t *testing.T) {
	for name, c := range map[string]Config{
		"no host": {},
		"dash":    {Hosts: []hosts.Host{{Address: "-oProxyCommand=x"}}},
		"name":    {Name: "a/b", Hosts: []hosts.Host{{Address: "a"}}},
	} {
		if _, err := New(c); err == nil {
			t.Error(name)
		}
	}
}

// A fleet that was stopped before it was started contacts no host any more.
func TestUpAfterDown(t *testing.T) {
	w := newWorld(t)
	f := w.fleet("h")
	f.Remember(nil)
	if err := f.Down(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := f.Up(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "calls")); err == nil || f.States()[0].Phase != hosts.Down {
		t.Errorf("a host was called: %+v", f.States())
	}
}
