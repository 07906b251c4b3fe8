package keys

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"landfall/loadgen/field"
)

// keyName matches the name of a key that is not a character.
var keyName = field.Pattern(`^(((ctrl|alt|shift)\+)*(up|down|left|right|home|end|pgup|pgdown|tab|enter|esc|space|backspace|delete|insert|f[1-9]|f1[0-2])|ctrl\+[a-hj-ln-z]|alt\+.)$`)

// fixedKeys cannot be rebound: they must work everywhere.
var fixedKeys = map[string]string{"ctrl+c": "interrupt", "ctrl+l": "redraw"}

// Rebind assigns keys to actions. A key chosen for one action is removed from others that apply in the same place. The error
// names an unknown action or key.
func Rebind[M any](list []Action[M], chosen map[string]string) ([]Action[M], error) {
	list = slices.Clone(list)
	taken := map[string][]Action[M]{}
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		i := slices.IndexFunc(list, func(a Action[M]) bool { return a.Of() == name })
		if i < 0 {
			return nil, fmt.Errorf("keys %q: no such action; there are %s", name, Names(list))
		}
		keys, err := keysFor(list[i], chosen[name])
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			if other := slices.IndexFunc(taken[key], list[i].beside); other >= 0 {
				return nil, fmt.Errorf("keys %s %q: is chosen for %s, too", name, key, taken[key][other].Of())
			}
			taken[key] = append(taken[key], list[i])
		}
		for key, of := range fixedKeys {
			if of == name && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		list[i].Keys = keys
	}
	for i, a := range list {
		list[i].Keys = slices.DeleteFunc(slices.Clone(a.Keys), func(key string) bool { return slices.ContainsFunc(taken[key], a.beside) })
	}
	return list, nil
}

// beside reports whether another action applies somewhere where this one does, too.
func (a Action[M]) beside(b Action[M]) bool { return a.Of() != b.Of() && a.In(b.anywhere()) }

// keysFor reads the keys that an operator chose for an action.
func keysFor[M any](a Action[M], text string) (keys []string, err error) {
	for _, key := range strings.Fields(text) {
		if utf8.RuneCountInString(key) != 1 && !keyName().MatchString(key) {
			return nil, fmt.Errorf("keys %s %q: must be a character or a key's name, such as x, space, ctrl+k, pgup or f5", a.Of(), key)
		}
		if a.In(written) && a.anywhere() != ^Scope(0) && (utf8.RuneCountInString(key) == 1 || key == "space" || key == "backspace") {
			return nil, fmt.Errorf("keys %s %q: is text there; must be a key such as ctrl+k, pgup or f5", a.Of(), key)
		}
		if key == "space" {
			key = " "
		}
		if of, fixed := fixedKeys[key]; fixed && of != a.Of() {
			return nil, fmt.Errorf("keys %s %q: is always %s", a.Of(), key, of)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("keys %s %q: must be at least one key", a.Of(), text)
	}
	return keys, nil
}

// Names returns the names of actions, separated by commas.
func Names[M any](list []Action[M]) string {
	var names []string
	for _, a := range list {
		names = append(names, a.Of())
	}
	return strings.Join(names, ", ")
}
