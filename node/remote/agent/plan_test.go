//go:build unix

package agent

import (
	"slices"
	"testing"

	"landfall/node/remote/hosts"
)

func TestOutdated(t *testing.T) {
	d := func(name string, args ...string) hosts.Launch { return hosts.Launch{Name: name, Args: args} }
	last := plan{Binary: "b", Drivers: []hosts.Launch{d("same", "1"), d("changed", "1"), d("gone", "1")}}
	next := plan{Binary: "b", Drivers: []hosts.Launch{d("same", "1"), d("changed", "2"), d("new", "1")}}
	if got := outdated(last, next); !slices.Equal(got, []string{"changed", "gone"}) {
		t.Error(got)
	}
	next.Binary = "c"
	if got := outdated(last, next); len(got) != 3 {
		t.Error(got)
	}
}
