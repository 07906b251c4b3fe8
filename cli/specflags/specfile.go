package specflags

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/specfile"
	"landfall/loadgen/yamltree"
)

// specFile is a spec from a file, with the positions of its fields. Nil means no file.
type specFile struct {
	name string // "" for standard input
	spec loadgen.Spec
	root ast.Node
}

// openSpec reads a spec file; "-" is standard input.
func openSpec(file string, stdin io.Reader) (*specFile, error) {
	data, err := readSpec(file, stdin)
	if err != nil {
		return nil, err
	}
	f := &specFile{name: file}
	if file == "-" {
		f.name = ""
	}
	if f.spec, err = specfile.Parse(f.name, data); err != nil {
		return nil, err
	}
	f.root, err = yamltree.Parse(f.name, data, len(data))
	return f, err
}

// likeURL matches a host with a dot or a port, and perhaps a path: a URL without its scheme.
var likeURL = field.Pattern(`^([\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+|\[[0-9A-Fa-f:.]+\](:\d+)?)([/?].*)?$`)

func readSpec(file string, stdin io.Reader) ([]byte, error) {
	const most = 8 << 20
	if file == "-" {
		return io.ReadAll(io.LimitReader(stdin, most+1))
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && likeURL().MatchString(file) && !strings.HasSuffix(file, ".yaml") && !strings.HasSuffix(file, ".yml") {
		return nil, fmt.Errorf("%s: no such file (for a URL, write http://%s)", file, file)
	}
	if err != nil {
		return nil, exit.Unread("", err)
	}
	return data, nil
}

// find returns the position of a field such as stages[0].rate, or nil.
func (f *specFile) find(at string) ast.Node {
	if f == nil {
		return nil
	}
	path, err := yaml.PathString("$." + at)
	if err != nil {
		return nil
	}
	n, err := path.FilterNode(f.root)
	if err != nil || n == nil || n.Type() == ast.NullType {
		return nil
	}
	return n
}

func (f *specFile) has(at string) bool { return f.find(at) != nil }

// place adds the position in the file to an error about a field: its own or, if it is missing, that of its parent. Other errors are
// returned unchanged.
func (f *specFile) place(err error) error {
	var wrong *field.Error
	if !errors.As(err, &wrong) {
		return err
	}
	n := f.find(wrong.Field)
	for at := wrong.Field; n == nil && strings.ContainsAny(at, ".["); n = f.find(at) {
		at = at[:strings.LastIndexAny(at, ".[")]
	}
	n = itemOf(n, wrong.Value)
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return err
	}
	p := n.GetToken().Position
	return &placed{wrong, &field.FileError{File: f.name, Line: p.Line, Column: p.Column, Problem: wrong.Error()}}
}

// itemOf returns the item of list n that has the wrong text, or n if there is none.
func itemOf(n ast.Node, value string) ast.Node {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return n
	}
	for _, item := range ast.Filter(ast.StringType, list) {
		if item.GetToken().Value == unquoted(value) {
			return item
		}
	}
	return n
}

// placed is an error about a field, with its position in a file.
type placed struct {
	field *field.Error
	at    *field.FileError
}

func (p *placed) Error() string { return p.at.Error() }
func (p *placed) Unwrap() error { return p.field }
