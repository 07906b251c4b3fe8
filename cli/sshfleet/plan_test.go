package sshfleet

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// TestPrecedence: a host's own settings override flags, which override the defaults of the hosts file.
func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts.yaml")
	if err := os.WriteFile(file, []byte("drivers: 2\nlabels: {a: file, b: file, c: file}\nflags: [--max-rate=1]\nhosts:\n  - x\n  - {host: y, drivers: 4, labels: {a: host}, flags: [--max-rate=3]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := upCmd{named: named{"f"}, Host: []string{"z:22"}, Hosts: file, PerHost: 3, Label: map[string]string{"a": "flag", "b": "flag"}, DriverFlag: []string{"--max-rate=2"},
		AllowTarget: []string{"10.0.0.0/8"}, ConnectFor: time.Second, Grace: time.Second}
	p, err := c.asked()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range p.Hosts {
		got = append(got, fmt.Sprint(h, h.Drivers, h.Labels, h.Flags))
	}
	if want := []string{
		"x 3 map[a:flag b:flag c:file] [--max-rate=1 --max-rate=2 --allow-target=10.0.0.0/8]",
		"y 4 map[a:host b:flag c:file] [--max-rate=1 --max-rate=2 --allow-target=10.0.0.0/8 --max-rate=3]",
		"z:22 3 map[a:flag b:flag c:file] [--max-rate=1 --max-rate=2 --allow-target=10.0.0.0/8]",
	}; !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func TestForgotten(t *testing.T) {
	a, b := hosts.Host{Name: "a", Address: "a"}, hosts.Host{Name: "b", Address: "b", Port: 22}
	states := []hosts.State{{Host: "a", Address: "a", Touched: true}, {Host: "b", Address: "b:22", Touched: true}, {Host: "c", Address: "c"}}
	for want, list := range map[string][]hosts.Host{"": {b, a}, "a": {b}, "b:22": {a, {Name: "b", Address: "b", Port: 23}}} {
		if got := forgotten(states, list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
