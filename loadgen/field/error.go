// Package field has the one form in which landfall says that an input is wrong: which field or place, its value, and what
// is accepted.
package field

import (
	"fmt"
	"strconv"
)

// Hidden stands for a value that may be secret.
const Hidden = "(hidden)"

// Error says which field of a spec is wrong, what it is, and what would be right.
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

// Wrong makes a *FieldError. A text is quoted; a long value is cut.
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

// FileError says where in a spec file something is wrong.
type FileError struct {
	File         string // "" for a text without a name
	Line, Column int    // from 1; 0: of the whole file
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
