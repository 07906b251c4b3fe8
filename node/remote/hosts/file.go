package hosts

import (
	"errors"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen/field"
	"landfall/loadgen/yamltree"
)

const maxFile = 1 << 20

// Read parses a hosts file: a list of hosts under `hosts`, each a string as on the command line or a mapping
// of Host's fields, and the defaults `drivers`, `labels`, `flags`, `user` and `port`. Hosts are validated,
// but not completed. Errors are *field.FileError and name the line.
func Read(name string, data []byte) (list []Host, defaults Host, err error) {
	f := file(name)
	root, err := yamltree.Parse(name, data, maxFile)
	if err != nil {
		return nil, defaults, err
	}
	if root == nil {
		return nil, defaults, &field.FileError{File: name, Problem: "is empty: it needs hosts"}
	}
	entries, rest, err := f.split(root)
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

// split separates the hosts from the defaults.
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
		return Host{}, f.at(n, "must be [USER@]HOST[:PORT], or a mapping with host")
	}
	h, err := Parse(text)
	if err != nil {
		return h, f.at(n, err.Error())
	}
	return h, nil
}

func (f file) mapping(m *ast.MappingNode) (h Host, err error) {
	if err := yaml.NodeToValue(m, &h, yaml.Strict()); err != nil {
		return h, yamltree.Error(string(f), err)
	}
	return h, nil
}

// validate reports errors at the line of the invalid field.
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

func (f file) at(n ast.Node, problem string) error { return yamltree.At(string(f), n, "%s", problem) }
