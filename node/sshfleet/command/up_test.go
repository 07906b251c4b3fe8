package command

import (
	"testing"

	"landfall/node/sshfleet/hosts"
)

func TestForgotten(t *testing.T) {
	a, b := hosts.Host{Name: "a", Address: "a"}, hosts.Host{Name: "b", Address: "b", Port: 22}
	states := []hosts.State{{Host: "a", Address: "a", Touched: true}, {Host: "b", Address: "b:22", Touched: true}, {Host: "c", Address: "c"}}
	for want, list := range map[string][]hosts.Host{"": {b, a}, "a": {b}, "b:22": {a, {Name: "b", Address: "b", Port: 23}}} {
		if got := forgotten(states, list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, "10.0.0.1:1": false, "kafka:1": false} {
		if loopback(addr) != want {
			t.Errorf("%s: %v", addr, !want)
		}
	}
}
