// Package importer converts inputs of other tools to specs: curl commands ([FromCurl]), HTTP archives ([FromHAR],
// [ScenarioFromHAR]), targets files of vegeta ([FromVegeta]), Postman collections ([FromPostman]) and OpenAPI documents
// ([FromOpenAPI]).
//
// # Notes
//
// Nothing is dropped or changed silently. If a spec cannot express a part of the input, the import returns an error where the request
// would be a different one without that part, and otherwise passes a note of one line to the notes functions of the caller.
//
// # Braces
//
// Text of the input is literal: double braces in it are not placeholders, except for the variables of Postman.
package importer

import (
	"fmt"
	"slices"
	"time"

	"landfall/loadgen"
)

// imported is the result of an import.
type imported struct {
	Spec  loadgen.Spec
	Notes []string // parts of the input that the spec lacks or expresses in another way, one line each
}

// note adds a note unless it is already there.
func (i *imported) note(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(i.Notes, line) {
		i.Notes = append(i.Notes, line)
	}
}

// report passes the notes to the listeners and returns the spec.
func (i imported) report(listeners []func(note string)) loadgen.Spec {
	for _, note := range i.Notes {
		for _, listen := range listeners {
			listen(note)
		}
	}
	return i.Spec
}

// duration is the initial duration of an imported spec.
const duration = loadgen.Duration(10 * time.Second)

// plural returns a number with the words for one or for several.
func plural(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
