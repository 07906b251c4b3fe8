package field

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"
)

// JSON rewrites an error of [json.Unmarshal] or [json.Decoder] about data in terms of JSON instead of Go: a [*FileError] with the line and the column of
// invalid syntax, or the path of a value of the wrong type and what it must be. Other errors are returned unchanged. file is the name of
// data in the error.
func JSON(file string, data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), err != nil && err.Error() == "unexpected end of JSON input":
		return syntaxError(file, data, len(data), "unexpected end")
	case errors.As(err, &syntax):
		return syntaxError(file, data, int(syntax.Offset)-1, syntax.Error()) // Offset includes the wrong byte
	case errors.As(err, &kind):
		what := "the document"
		if kind.Field != "" {
			what = kind.Field
		}
		return &FileError{File: file, Problem: fmt.Sprintf("%s is %s: must be %s", what, found(kind.Value), accepted(kind.Type))}
	}
	return err
}

// syntaxError returns a [*FileError] at a byte of data.
func syntaxError(file string, data []byte, at int, problem string) error {
	before := data[:min(max(at, 0), len(data))]
	line := bytes.LastIndexByte(before, '\n') + 1
	return &FileError{File: file, Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[line:]) + 1, Problem: "not valid JSON: " + problem}
}

// found returns a kind of JSON value, as [json.UnmarshalTypeError] names it, with its article.
func found(value string) string {
	switch value {
	case "array", "object":
		return "an " + value
	case "bool":
		return "a boolean"
	}
	return "a " + value
}

// accepted returns the kind of JSON value that a Go type holds.
func accepted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	}
	return "a number"
}
