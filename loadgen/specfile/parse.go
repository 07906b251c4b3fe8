// Package specfile reads and writes specs as YAML. Errors name the file, the line and the column, and the
// nearest field to a misspelt one.
package specfile

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/yamltree"
)

// Bounds of a spec file and of the files that it names.
const (
	maxSpecBytes = 8 << 20
	MaxPEM       = 256 << 10
	maxNesting   = 500 // of values given as JSON
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
	d := &decoder{file: name, anchors: map[string]ast.Node{}}
	root, err := yamltree.Parse(name, data, maxSpecBytes)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if root == nil {
		return fail("is empty: needs at least a target")
	}
	if err := d.value(root, reflect.ValueOf(&spec).Elem(), ""); err != nil {
		return loadgen.Spec{}, err
	}
	return spec, nil
}

// at is an error at a node's place.
func (d *decoder) at(n ast.Node, format string, args ...any) error {
	return yamltree.At(d.file, n, format, args...)
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
