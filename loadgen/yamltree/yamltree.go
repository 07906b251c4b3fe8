// Package yamltree parses a YAML document into a tree of nodes with positions, so that errors can name the file, the line and the
// column. It bounds the nesting of a document, since the parser of the library is recursive and could exhaust its stack.
package yamltree

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"landfall/loadgen/field"
)

const maxNesting = 500

// Parse returns the root of the only document of a file, or nil if the file is empty. The file must be valid UTF-8 of at most maxBytes
// bytes. Errors are [*field.FileError].
func Parse(file string, data []byte, maxBytes int) (root ast.Node, err error) {
	switch {
	case len(data) > maxBytes:
		return nil, &field.FileError{File: file, Problem: fmt.Sprintf("has %d bytes: must be at most %d", len(data), maxBytes)}
	case !utf8.Valid(data):
		return nil, &field.FileError{File: file, Problem: "not valid UTF-8"}
	case tooDeep(data):
		return nil, &field.FileError{File: file, Problem: fmt.Sprintf("nested more than %d deep", maxNesting)}
	}
	defer func() {
		if r := recover(); r != nil { // the library's parser panics on some inputs
			root, err = nil, &field.FileError{File: file, Problem: "is not YAML"}
		}
	}()
	tree, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0)
	if err != nil {
		return nil, Error(file, err)
	}
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if root != nil {
			return nil, At(file, doc.Body, "a second document: the file must have only one")
		}
		root = doc.Body
	}
	return root, nil
}

// Error converts an error of the YAML library to a [*field.FileError], without the library's excerpt of the file.
func Error(file string, err error) error {
	var at yaml.Error
	if !errors.As(err, &at) {
		return &field.FileError{File: file, Problem: "is not YAML"}
	}
	e := &field.FileError{File: file, Problem: strings.TrimSpace(at.GetMessage())}
	if strings.Contains(e.Problem, "'\t'") {
		e.Problem = "a tab: indent with spaces"
	}
	if t := at.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// At returns a [*field.FileError] at the position of a node. The position of a mapping is that of its first key.
func At(file string, n ast.Node, format string, args ...any) error {
	e := &field.FileError{File: file, Problem: fmt.Sprintf(format, args...)}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// tooDeep reports whether parsing could exhaust the stack: the parser recurses for every bracket, and for every "- " at the start of a
// line. Brackets in strings are counted, too, which matters only if hundreds of them are not closed.
func tooDeep(data []byte) bool {
	depth, dashes := 0, 0
	for i, c := range data {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '\n':
			dashes = 0
		case '-', '?', ':':
			if i+1 < len(data) && (data[i+1] == ' ' || data[i+1] == '\t') && (i == 0 || data[i-1] <= ' ') {
				dashes++
			}
		}
		if depth > maxNesting || dashes > maxNesting {
			return true
		}
	}
	return false
}
