package tui

import (
	"slices"
	"testing"
)

// The prompt completes names of commands and, after a name, its arguments.
func TestCompletion(t *testing.T) {
	for typed, want := range map[string][]string{
		"th": {"theme"}, "theme": {"theme"}, "theme l": {"theme light"}, "sort r": {"sort rate"}, "sort v": {"sort version"}, "sta": nil,
	} {
		m := inState(t, "idle", 120, 40)
		press(m, ":")
		for _, r := range typed {
			press(m, string(r))
		}
		if got := m.top().(*prompt).fits(); !slices.Equal(got, want) {
			t.Errorf("%q completes to %q, want %q", typed, got, want)
		}
	}
}
