// Package specfile reads and writes specs as YAML.
//
// [Parse] is strict: its errors name the file, the line and the column, and the most similar field to an unknown one. [Marshal] writes a
// spec such that Parse returns the same spec. [Schema] is the JSON Schema of spec files, for editors.
//
// Messages and reports hold specs as JSON with other names, such as rate_rps instead of rate. [MessageNames] accepts both.
package specfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/yamltree"
)

// Bounds of a spec file.
const (
	maxSpecBytes = 8 << 20
	MaxPEM       = 256 << 10 // bytes of a certificate or key file
	maxNesting   = 500       // of JSON bodies
	maxAliases   = 256
)

// Parse parses a spec in YAML, or in JSON with the names of spec files. Unknown fields are errors. Errors are [*field.FileError].
//
// The fields body_file, csv_file, ca_file, cert_file and key_file, file of data sets and path of multipart bodies name files relative to
// the directory of name; Parse reads them into the corresponding fields. They are errors if name is "".
//
// The spec has no defaults yet and is not validated, since flags may still change it: see [loadgen.Spec.WithDefaults] and
// [loadgen.Spec.Validate].
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

// at returns an error with the position of a node.
func (d *decoder) at(n ast.Node, format string, args ...any) error {
	return yamltree.At(d.file, n, format, args...)
}

// include reads a file that a spec file names.
func (d *decoder) include(n ast.Node, name string, limit int) ([]byte, error) {
	if d.file == "" {
		return nil, d.at(n, "files can only be named in a spec file")
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(d.file), path)
	}
	data, err := ReadBounded(path, limit)
	var unread *fs.PathError
	if errors.As(err, &unread) {
		return nil, d.at(n, "file %q: %v", name, unread.Err)
	} else if err != nil {
		return nil, d.at(n, "%v", err)
	}
	return data, nil
}

// ReadBounded reads a regular file of at most limit bytes.
func ReadBounded(path string, limit int) ([]byte, error) {
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
	text, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	if err == nil && len(text) > limit {
		err = fmt.Errorf("%s: must be at most %d bytes", path, limit)
	}
	return text, err
}
