// Package yamltree reads a YAML document as a tree whose nodes know their place, so that every error about the document can
// name the file, the line and the column. It bounds what the parser is given: a document of a few bytes can make a parser that
// recurses run out of stack.
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

// Parse returns the root of the file's one document; nil if there is none. The file is UTF-8, of at most maxBytes bytes.
// Errors are *[field.FileError].
func Parse(file string, data []byte, maxBytes int) (root ast.Node, err error) {
	switch {
	case len(data) > maxBytes:
		return nil, &field.FileError{File: file, Problem: fmt.Sprintf("%d bytes: at most %d", len(data), maxBytes)}
	case !utf8.Valid(data):
		return nil, &field.FileError{File: file, Problem: "not valid UTF-8"}
	case tooDeep(data):
		return nil, &field.FileError{File: file, Problem: fmt.Sprintf("nested more than %d deep", maxNesting)}
	}
	defer func() {
		if r := recover(); r != nil { // a fault of the parser, which must not end the program
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
			return nil, At(file, doc.Body, "a second document: a file holds one")
		}
		root = doc.Body
	}
	return root, nil
}

// Error returns an error of the YAML library as a *[field.FileError], without the library's picture of the text.
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

// At returns a *[field.FileError] at the place of a node. A mapping's place is that of its first key.
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

// tooDeep guards the parser's stack: it recurses for every bracket and for every "- " at the start of a line. Brackets in
// strings count too, which does no harm as long as they are closed again.
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
