package hosts

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"landfall/loadgen/field"
	"landfall/node"
)

const maxFile = 1 << 20

// Read reads a hosts file: a list of hosts under `hosts`, each a text as it is typed or a mapping of Host's fields, and
// beside it `drivers`, `labels`, `flags`, `user` and `port` for hosts that say nothing of their own. Hosts are validated,
// but not completed. Errors are *field.FileError and point at the line.
func Read(name string, data []byte) (list []Host, defaults Host, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own mistake
			err = &field.FileError{File: name, Problem: "is not YAML"}
		}
	}()
	if len(data) > maxFile || !utf8.Valid(data) {
		return nil, defaults, &field.FileError{File: name, Problem: fmt.Sprintf("must be a text in UTF-8 of at most %d bytes", maxFile)}
	}
	f := file(name)
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, defaults, f.syntax(err)
	}
	if len(parsed.Docs) != 1 || parsed.Docs[0].Body == nil {
		return nil, defaults, &field.FileError{File: name, Problem: "is empty: it needs hosts"}
	}
	entries, rest, err := f.split(parsed.Docs[0].Body)
	if err != nil {
		return nil, defaults, err
	}
	if rest != nil {
		if defaults, err = f.defaults(rest); err != nil {
			return nil, defaults, err
		}
	}
	for _, e := range entries {
		h, err := f.host(e)
		if err != nil {
			return nil, defaults, err
		}
		if h.User == "" {
			h.User = defaults.User
		}
		if h.Port == 0 {
			h.Port = defaults.Port
		}
		list = append(list, h)
	}
	return list, defaults, nil
}

type file string

// split finds the hosts, and what stands beside them.
func (f file) split(root ast.Node) (entries []ast.Node, rest *ast.MappingNode, err error) {
	if list, ok := root.(*ast.SequenceNode); ok {
		return list.Values, nil, nil
	}
	m, ok := root.(*ast.MappingNode)
	if !ok {
		return nil, nil, f.at(root, "must be a mapping with hosts, or a list of hosts")
	}
	rest = &ast.MappingNode{BaseNode: m.BaseNode, Start: m.Start, End: m.End}
	for _, v := range m.Values {
		if v.Key.String() != "hosts" {
			rest.Values = append(rest.Values, v)
			continue
		}
		list, ok := v.Value.(*ast.SequenceNode)
		if !ok {
			return nil, nil, f.at(v.Value, "hosts: must be a list")
		}
		entries = list.Values
	}
	if len(entries) == 0 {
		return nil, nil, f.at(root, "hosts: must be a list of at least one host")
	}
	return entries, rest, nil
}

func (f file) defaults(rest *ast.MappingNode) (h Host, err error) {
	for _, v := range rest.Values {
		if key := v.Key.String(); key == "name" || key == "host" {
			return h, f.at(v.Key, key+": each host has its own")
		}
	}
	if len(rest.Values) == 0 {
		return h, nil
	}
	h, err = f.mapping(rest)
	if err != nil {
		return h, err
	}
	h.Address = "any"
	err = f.validate(rest, h)
	h.Address = ""
	return h, err
}

func (f file) host(n ast.Node) (Host, error) {
	if m, ok := n.(*ast.MappingNode); ok {
		h, err := f.mapping(m)
		if err != nil {
			return h, err
		}
		return h, f.validate(m, h)
	}
	var text string
	if err := yaml.NodeToValue(n, &text); err != nil {
		return Host{}, f.at(n, "must be a host as it is typed, or a mapping with host")
	}
	h, err := Parse(text)
	if err != nil {
		return h, f.at(n, err.Error())
	}
	return h, nil
}

func (f file) mapping(m *ast.MappingNode) (h Host, err error) {
	if err := yaml.NodeToValue(m, &h, yaml.Strict()); err != nil {
		return h, f.syntax(err)
	}
	return h, nil
}

// validate points at the field that is wrong.
func (f file) validate(m *ast.MappingNode, h Host) error {
	err := h.Validate()
	var at *field.Error
	if !errors.As(err, &at) {
		return err
	}
	var where ast.Node = m
	for _, v := range m.Values {
		if v.Key.String() == at.Field {
			where = v.Value
		}
	}
	return f.at(where, err.Error())
}

func (f file) at(n ast.Node, problem string) error {
	e := &field.FileError{File: string(f), Problem: problem}
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	return e
}

// syntax is the library's error, without its picture of the text.
func (f file) syntax(err error) error {
	e := &field.FileError{File: string(f)}
	var y yaml.Error
	if !errors.As(err, &y) {
		e.Problem = node.Clean(err.Error(), 200)
		return e
	}
	if t := y.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	e.Problem = node.Clean(strings.TrimSpace(y.GetMessage()), 200)
	return e
}
