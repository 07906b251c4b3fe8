// Package importer converts inputs of other tools to specs: curl commands ([FromCurl]), HTTP archives ([FromHAR],
// [ScenarioFromHAR]), targets files of vegeta ([FromVegeta]) and Postman collections ([FromPostman]). OpenAPI documents have a package of
// their own, [landfall/loadgen/importer/openapi].
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
	"time"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
)

// imported is the result of an import.
type imported struct {
	Spec  loadgen.Spec
	Notes []string // parts of the input that the spec lacks or expresses in another way, one line each
}

// note adds a note unless it is already there.
func (i *imported) note(format string, args ...any) { (*draft.Notes)(&i.Notes).Add(format, args...) }

// report passes the notes to the listeners and returns the spec.
func (i imported) report(listeners []func(note string)) loadgen.Spec {
	draft.Notes(i.Notes).Report(listeners)
	return i.Spec
}

// duration is the initial duration of an imported spec.
const duration = loadgen.Duration(10 * time.Second)
