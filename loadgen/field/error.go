// Package field defines the errors for invalid input. An [Error] names a field of a spec, its value and what is accepted; a [FileError]
// names the position in a file. [Nearest] finds suggestions for misspelt names.
package field

import (
	"fmt"
	"strconv"
)

// Hidden replaces a value that may be secret.
const Hidden = "(hidden)"

// Error describes an invalid field of a spec: its value and what is accepted.
type Error struct {
	Field string // its name in a spec file
	Value string
	Want  string
}

func (e *Error) Error() string {
	if e.Value == "" {
		return e.Field + ": " + e.Want
	}
	return e.Field + " " + e.Value + ": " + e.Want
}

// Wrong returns an [*Error]. Strings are quoted, long values are truncated.
func Wrong(field string, value any, want string, args ...any) error {
	v := fmt.Sprint(value)
	if s, ok := value.(string); ok && s != "" {
		v = strconv.Quote(s)
	}
	if len(v) > 100 {
		v = v[:100] + "…"
	}
	return &Error{Field: field, Value: v, Want: fmt.Sprintf(want, args...)}
}

// FileError is an error at a place in a spec file.
type FileError struct {
	File         string // "" if the text has no file name
	Line, Column int    // from 1; 0: the whole file
	Problem      string
}

func (e *FileError) Error() string {
	where := e.File
	if where == "" {
		where = "spec"
	}
	if e.Line > 0 {
		where += fmt.Sprintf(":%d:%d", e.Line, e.Column)
	}
	return where + ": " + e.Problem
}
