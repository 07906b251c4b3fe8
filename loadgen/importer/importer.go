// Package importer makes specs of what other tools know: curl commands, HTTP archives, targets files of vegeta, Postman
// collections and OpenAPI documents. What an input holds and a spec cannot carry is an error where the request would be another one without it, and
// else a note to the caller; nothing is dropped or changed silently. Text of the input is meant literally: braces in it are no
// placeholders, but for Postman's variables.
package importer

import (
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
)

// imported is a spec made of an input.
type imported struct {
	Spec  loadgen.Spec
	Notes []string // what the input holds and the spec does not, or does in another way: one line each
}

// note adds a line, once.
func (i *imported) note(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(i.Notes, line) {
		i.Notes = append(i.Notes, line)
	}
}

// told is the spec; each note has been given to all who want them.
func (i imported) told(listeners []func(note string)) loadgen.Spec {
	for _, note := range i.Notes {
		for _, listen := range listeners {
			listen(note)
		}
	}
	return i.Spec
}

// duration is the duration of a run of an imported spec, until the user changes it: every run needs an end.
const duration = loadgen.Duration(10 * time.Second)
