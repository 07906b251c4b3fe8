package tui

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// keyName is what a key is called that is no character.
var keyName = regexp.MustCompile(`^(((ctrl|alt|shift)\+)*(up|down|left|right|home|end|pgup|pgdown|tab|enter|esc|space|backspace|delete|insert|f[1-9]|f1[0-2])|ctrl\+[a-hj-ln-z]|alt\+.)$`)

// fixedKeys do what they do everywhere, also where nothing else works any more.
var fixedKeys = map[string]string{"ctrl+c": "interrupt", "ctrl+l": "redraw"}

// rebind gives actions other keys. A key that an operator chose for one action no longer belongs to another where both apply.
// The error names what is no action or no key.
func rebind[M any](list []boundAction[M], chosen map[string]string) ([]boundAction[M], error) {
	list = slices.Clone(list)
	taken := map[string][]boundAction[M]{}
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		i := slices.IndexFunc(list, func(a boundAction[M]) bool { return a.of() == name })
		if i < 0 {
			return nil, fmt.Errorf("keys %q: no such action; there are %s", name, actionNames(list))
		}
		keys, err := keysFor(list[i], chosen[name])
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			if other := slices.IndexFunc(taken[key], list[i].beside); other >= 0 {
				return nil, fmt.Errorf("keys %s %q: is chosen for %s, too", name, key, taken[key][other].of())
			}
			taken[key] = append(taken[key], list[i])
		}
		for key, of := range fixedKeys {
			if of == name && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		list[i].keys = keys
	}
	for i, a := range list {
		list[i].keys = slices.DeleteFunc(slices.Clone(a.keys), func(key string) bool { return slices.ContainsFunc(taken[key], a.beside) })
	}
	return list, nil
}

// beside tells whether another action applies somewhere where this one does, too.
func (a boundAction[M]) beside(b boundAction[M]) bool { return a.of() != b.of() && a.in(b.anywhere()) }

// keysFor reads the keys that an operator chose for an action.
func keysFor[M any](a boundAction[M], text string) (keys []string, err error) {
	for _, key := range strings.Fields(text) {
		if utf8.RuneCountInString(key) != 1 && !keyName.MatchString(key) {
			return nil, fmt.Errorf("keys %s %q: must be a character or a key's name, such as x, space, ctrl+k, pgup or f5", a.of(), key)
		}
		if a.in(written) && a.anywhere() != ^scope(0) && (utf8.RuneCountInString(key) == 1 || key == "space" || key == "backspace") {
			return nil, fmt.Errorf("keys %s %q: is text there; must be a key such as ctrl+k, pgup or f5", a.of(), key)
		}
		if key == "space" {
			key = " "
		}
		if of, fixed := fixedKeys[key]; fixed && of != a.of() {
			return nil, fmt.Errorf("keys %s %q: is always %s", a.of(), key, of)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("keys %s %q: must be at least one key", a.of(), text)
	}
	return keys, nil
}

func actionNames[M any](list []boundAction[M]) string {
	var names []string
	for _, a := range list {
		names = append(names, a.of())
	}
	return strings.Join(names, ", ")
}
