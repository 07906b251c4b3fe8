package specfile

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen/yamltree"
)

var jsonType = reflect.TypeFor[json.RawMessage]()

// json fills a JSON document that is written as YAML.
func (d *decoder) json(n ast.Node, v reflect.Value, path string) error {
	doc, err := d.appendJSON(nil, n, path, 0)
	if err != nil {
		return err
	}
	v.SetBytes(doc)
	return nil
}

// YAMLToJSON converts a YAML document of at most maxBytes bytes to JSON. name is its name in errors, which are [*field.FileError].
func YAMLToJSON(name string, data []byte, maxBytes int) ([]byte, error) {
	root, err := yamltree.Parse(name, data, maxBytes)
	if err != nil {
		return nil, err
	}
	d := &decoder{file: name, anchors: map[string]ast.Node{}}
	return d.appendJSON(nil, root, "", 0)
}

func (d *decoder) appendJSON(dst []byte, n ast.Node, path string, depth int) ([]byte, error) {
	n, err := d.resolve(n)
	switch {
	case err != nil:
		return nil, err
	case n == nil || n.Type() == ast.NullType:
		return append(dst, "null"...), nil
	case depth > maxNesting:
		return nil, d.at(n, "%s: nested more than %d deep", path, maxNesting)
	}
	switch node := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return d.appendObject(dst, n, path, depth)
	case *ast.SequenceNode:
		dst = append(dst, '[')
		for i, item := range node.Values {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = d.appendJSON(dst, item, path, depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	}
	return d.appendScalar(dst, n, path)
}

func (d *decoder) appendObject(dst []byte, n ast.Node, path string, depth int) ([]byte, error) {
	pairs, err := d.pairs(n, path)
	if err != nil {
		return nil, err
	}
	dst = append(dst, '{')
	for i, p := range pairs {
		if p.Key.IsMergeKey() {
			return nil, d.at(p.Key, "%s: << is not supported in a JSON body", path)
		}
		key, ok := textOf(keyNode(p.Key))
		if !ok {
			return nil, d.at(p.Key, "%s: a key must be a single value", path)
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, key), ':')
		if dst, err = d.appendJSON(dst, p.Value, path, depth+1); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// appendScalar writes numbers and booleans that JSON can represent unchanged, and anything else as a string.
func (d *decoder) appendScalar(dst []byte, n ast.Node, path string) ([]byte, error) {
	text, ok := textOf(n)
	if !ok {
		return nil, d.at(n, "%s: must be a JSON document", path)
	}
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		if json.Valid([]byte(text)) {
			return append(dst, text...), nil
		}
		if f, err := strconv.ParseFloat(text, 64); err == nil && finite(f) {
			return strconv.AppendFloat(dst, f, 'g', -1, 64), nil
		}
	case *ast.BoolNode:
		if b, err := strconv.ParseBool(text); err == nil {
			return strconv.AppendBool(dst, b), nil
		}
	}
	return appendQuoted(dst, text), nil
}

func appendQuoted(dst []byte, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil { // strings can always be encoded
		panic(err)
	}
	return append(dst, quoted...)
}
