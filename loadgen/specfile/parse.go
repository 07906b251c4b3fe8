// Package specfile reads and writes specs as YAML. Errors name the file, the line and the column, and a misspelt field the
// nearest one that exists.
package specfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// Bounds of a spec file and of the files that it names.
const (
	maxSpecBytes = 8 << 20
	MaxPEM       = 256 << 10
	maxNesting   = 500
	maxAliases   = 256
)

// Parse reads a spec from YAML (or JSON with the YAML names). It is strict: a field that does not exist is an error
// that names the nearest one that does. body_file, csv_file, ca_file, cert_file and key_file name files relative to the
// folder of name, whose contents take the place of body (of body_base64, if they are no text), csv, ca, cert and key;
// without a name they are refused. Errors are *FileError. The spec has no defaults filled in and is not validated: flags
// may still change it.
func Parse(name string, data []byte) (loadgen.Spec, error) {
	var spec loadgen.Spec
	fail := func(problem string) (loadgen.Spec, error) {
		return loadgen.Spec{}, &field.FileError{File: name, Problem: problem}
	}
	if len(data) > maxSpecBytes {
		return fail(fmt.Sprintf("%d bytes: at most %d", len(data), maxSpecBytes))
	}
	if !utf8.Valid(data) {
		return fail("not a text in UTF-8")
	}
	if tooDeep(data) {
		return fail(fmt.Sprintf("nested more than %d deep", maxNesting))
	}
	d := &decoder{file: name, anchors: map[string]ast.Node{}}
	root, err := d.parse(data)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if root == nil {
		return fail("is empty: it needs a target at least")
	}
	if err := d.value(root, reflect.ValueOf(&spec).Elem(), ""); err != nil {
		return loadgen.Spec{}, err
	}
	return spec, nil
}

// parse gives the one document of the file; nil when there is none.
func (d *decoder) parse(data []byte) (root ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own mistake, for which the file should not take the program down
			root, err = nil, &field.FileError{File: d.file, Problem: "is not YAML"}
		}
	}()
	file, err := parser.ParseBytes(bytes.TrimPrefix(data, []byte("\ufeff")), 0)
	if err != nil {
		return nil, d.syntax(err)
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if root != nil {
			return nil, d.at(doc.Body, "a second document: a spec is one")
		}
		root = doc.Body
	}
	return root, nil
}

func (d *decoder) syntax(err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		p := at.GetToken().Position
		return &field.FileError{File: d.file, Line: p.Line, Column: p.Column, Problem: at.GetMessage()}
	}
	return &field.FileError{File: d.file, Problem: "is not YAML"}
}

// at is an error at a node's place.
func (d *decoder) at(n ast.Node, format string, args ...any) error {
	e := &field.FileError{File: d.file, Problem: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// tooDeep guards the parser's stack: it recurses for every bracket and for every "- " at a line's start. Brackets in
// texts count too, which does no harm as long as they close again.
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

// include reads a file that the spec names.
func (d *decoder) include(n ast.Node, name string, most int) ([]byte, error) {
	if d.file == "" {
		return nil, d.at(n, "files can be named only by a spec that is a file itself")
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(d.file), path)
	}
	data, err := ReadBounded(path, most)
	if err != nil {
		return nil, d.at(n, "%v", err)
	}
	return data, nil
}

func ReadBounded(path string, most int) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s: more than %d bytes", path, most)
	}
	return text, err
}
