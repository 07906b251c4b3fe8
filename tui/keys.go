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
var fixedKeys = map[string]string{"ctrl+c": "quit", "ctrl+l": "redraw"}

// rebind gives actions other keys. A key that an operator chose for one action no longer is another's. The error names what
// is no action or no key.
func rebind(list []action, chosen map[string]string) ([]action, error) {
	list = slices.Clone(list)
	taken := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(chosen)) {
		i := slices.IndexFunc(list, func(a action) bool { return a.of() == name })
		if i < 0 {
			return nil, fmt.Errorf("keys %q: no such action; there are %s", name, actionNames(list))
		}
		var keys []string
		for _, key := range strings.Fields(chosen[name]) {
			if utf8.RuneCountInString(key) != 1 && !keyName.MatchString(key) {
				return nil, fmt.Errorf("keys %s %q: must be a character or a key's name, such as x, space, ctrl+k, pgup or f5", name, key)
			}
			if key == "space" {
				key = " "
			}
			if of, fixed := fixedKeys[key]; fixed && of != name {
				return nil, fmt.Errorf("keys %s %q: is always %s", name, key, of)
			}
			if other, double := taken[key]; double {
				return nil, fmt.Errorf("keys %s %q: is chosen for %s, too", name, key, other)
			}
			taken[key] = name
			keys = append(keys, key)
		}
		if len(keys) == 0 {
			return nil, fmt.Errorf("keys %s %q: must be at least one key", name, chosen[name])
		}
		for key, of := range fixedKeys {
			if of == name && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		list[i].keys = keys
	}
	for i, a := range list {
		list[i].keys = slices.DeleteFunc(slices.Clone(a.keys), func(key string) bool { by, is := taken[key]; return is && by != a.of() })
	}
	return list, nil
}

func actionNames(list []action) string {
	var names []string
	for _, a := range list {
		names = append(names, a.of())
	}
	return strings.Join(names, ", ")
}

// keyOf is the first key of an action, as the footer shows it.
func (m *model) keyOf(name string) string {
	for _, a := range m.actions {
		if a.of() == name && len(a.keys) > 0 {
			return keyText(a.keys[0])
		}
	}
	return ""
}

// actionOf is the name of what a key does; "": nothing.
func (m *model) actionOf(key string) string {
	for _, a := range m.actions {
		if slices.Contains(a.keys, key) {
			return a.of()
		}
	}
	return ""
}
