package keys

import (
	"slices"
	"strings"
	"testing"
)

// table returns a few actions without a model.
func table() []Action[int] {
	return []Action[int]{{Keys: []string{"S"}, Name: "stop"}, {Keys: []string{"x"}, Name: "kill"}, {Keys: []string{"q"}, Name: "quit"}, {Keys: []string{"ctrl+c"}, ID: "interrupt", Scope: ^Scope(0)},
		{Keys: []string{"esc"}, ID: "leave", Scope: InForm}, {Keys: []string{"e"}, ID: "export", Scope: InReport}}
}

func TestRebindErrors(t *testing.T) {
	for name, test := range map[string]struct {
		keys map[string]string
		want string
	}{
		"no such action": {map[string]string{"explode": "e"}, `keys "explode": no such action; there are stop, kill`},
		"no such key":    {map[string]string{"stop": "Stop"}, `keys stop "Stop": must be a character or a key's name`},
		"tab as ctrl+i":  {map[string]string{"stop": "ctrl+i"}, `must be a character`},
		"no key at all":  {map[string]string{"stop": " "}, `keys stop " ": must be at least one key`},
		"twice":          {map[string]string{"stop": "e", "kill": "e"}, `keys stop "e": is chosen for kill, too`},
		"a fixed one":    {map[string]string{"kill": "ctrl+c"}, `keys kill "ctrl+c": is always interrupt`},
		"text in a form": {map[string]string{"leave": "x"}, `keys leave "x": is text there`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Rebind(table(), test.keys); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// A chosen key is removed from actions that apply in the same place, and from no others; interrupt keeps Ctrl-C.
func TestRebind(t *testing.T) {
	list, err := Rebind(table(), map[string]string{"stop": "x space", "export": "q", "interrupt": "ctrl+k"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, a := range list {
		got[a.Of()] = a.Keys
	}
	for name, want := range map[string][]string{"stop": {"x", " "}, "kill": {}, "quit": {"q"}, "export": {"q"}, "interrupt": {"ctrl+k", "ctrl+c"}} {
		if !slices.Equal(got[name], want) {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}
