// Package draft has what all imports need to draft a spec: notes about the parts of the input that the spec lacks or expresses in another
// way, and the names, URLs and placeholders of requests.
package draft

import (
	"fmt"
	"slices"
)

// Notes are notes of one line each.
type Notes []string

// Add adds a note unless it is already there.
func (l *Notes) Add(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(*l, line) {
		*l = append(*l, line)
	}
}

// Report passes the notes to the listeners.
func (l Notes) Report(listeners []func(note string)) {
	for _, note := range l {
		for _, listen := range listeners {
			listen(note)
		}
	}
}

// First returns the first note, after a colon, for the error of an import of which nothing is left; "" if there is none.
func (l Notes) First() string {
	if len(l) == 0 {
		return ""
	}
	return ": " + l[0]
}

// Count returns a number with the words for one or for several.
func Count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
