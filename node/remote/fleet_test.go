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
