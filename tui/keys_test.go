package tui

import (
	"slices"
	"strings"
	"testing"

	"landfall/tui/keys"
	"landfall/tui/tuitest"
)

func TestOtherKeys(t *testing.T) {
	m := inState(t, "running", 120, 40)
	var err error
	if m.actions, err = keys.Rebind(m.actions, map[string]string{"stop": "X f5", "pause": "x", "mark": "space m"}); err != nil {
		t.Fatal(err)
	}
	c := m.conductor.(*tuitest.Conductor)
	press(m, "x", "y")
	if want := []string{"pause tsunami-7"}; !slices.Equal(c.Asked, want) {
		t.Errorf("x asked %q, want %q: a chosen key is no longer the other action's", c.Asked, want)
	}
	press(m, "S", "y")
	if len(c.Asked) != 1 {
		t.Errorf("the old key still asks: %q", c.Asked)
	}
	press(m, "X", "y")
	if want := "stop tsunami-7"; c.Asked[len(c.Asked)-1] != want {
		t.Errorf("X asked %q, want %q", c.Asked, want)
	}
	press(m, "m")
	if len(m.drivers.Marked) != 1 {
		t.Error("m does not mark")
	}
	if foot := m.keysLine(m.W); !strings.Contains(foot, "X") {
		t.Errorf("the footer does not show the chosen key: %q", foot)
	}
}

// Every action has a unique name by which its keys can be configured, and the keys for going back always
// work.
func TestActionsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range append(hostActions(), actions()...) {
		if a.Of() == "" || seen[a.Of()] {
			t.Errorf("%q (%s): has no name of its own", a.Of(), a.Help)
		}
		seen[a.Of()] = true
	}
	list, err := keys.Rebind(actions(), map[string]string{"quit": "Q", "kill": "q"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.Of() == "quit" && !slices.Equal(a.Keys, []string{"Q"}) || a.Of() == "interrupt" && !slices.Equal(a.Keys, []string{"ctrl+c"}) {
			t.Errorf("quit by %q", a.Keys)
		}
	}
}
