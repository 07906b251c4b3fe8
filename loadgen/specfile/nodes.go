package specfile

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// resolve follows anchors, aliases and tags. The number of aliases is limited, and anchors must not contain aliases, so that a short
// file cannot expand into a huge one.
func (d *decoder) resolve(n ast.Node) (ast.Node, error) {
	for range maxNesting {
		switch node := n.(type) {
		case *ast.AnchorNode:
			if node.Value == nil {
				return nil, nil
			}
			if hasAlias(node.Value) {
				return nil, d.at(n, "an anchor must not contain an alias")
			}
			d.anchors[node.Name.GetToken().Value] = node.Value
			n = node.Value
		case *ast.AliasNode:
			if d.aliases++; d.aliases > maxAliases {
				return nil, d.at(n, "more than %d aliases", maxAliases)
			}
			name := node.Value.GetToken().Value
			if d.anchors[name] == nil {
				return nil, d.at(n, "the anchor &%s is not defined above", name)
			}
			n = d.anchors[name]
		case *ast.TagNode:
			if tag := node.GetToken().Value; !coreTags[tag] {
				return nil, d.at(n, "the tag %s is not supported (for binary data, use body_base64 or body_file)", tag)
			}
			n = node.Value
		default:
			return n, nil
		}
	}
	return nil, d.at(n, "nested too deep")
}

// coreTags are the tags of YAML's core schema, which restate a value's own type.
var coreTags = map[string]bool{"!!str": true, "!!int": true, "!!float": true, "!!bool": true, "!!null": true, "!!map": true, "!!seq": true}

// aliasFinder is an ast.Visitor that finds aliases.
type aliasFinder struct{ found bool }

func (f *aliasFinder) Visit(n ast.Node) ast.Visitor {
	if n.Type() == ast.AliasType {
		f.found = true
	}
	return f
}

func hasAlias(n ast.Node) bool {
	var f aliasFinder
	ast.Walk(&f, n)
	return f.found
}

// pairs returns the keys and values of a mapping.
func (d *decoder) pairs(n ast.Node, path string) ([]*ast.MappingValueNode, error) {
	switch node := n.(type) {
	case *ast.MappingNode:
		return node.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}, nil
	}
	if path == "" {
		return nil, d.at(n, "must be a mapping, such as target: http://127.0.0.1:8080/ping")
	}
	return nil, d.at(n, "%s: must be a mapping", path)
}

func keyNode(k ast.MapKeyNode) ast.Node {
	if explicit, ok := k.(*ast.MappingKeyNode); ok {
		return explicit.Value
	}
	return k
}

func isScalar(n ast.Node) bool {
	_, ok := textOf(n)
	return ok
}

// textOf returns a scalar as written in the file.
func textOf(n ast.Node) (string, bool) {
	switch node := n.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return node.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func shown(n ast.Node) string {
	text, ok := textOf(n)
	if !ok {
		return "is not a single value"
	}
	if len(text) > 60 {
		text = text[:60] + "…"
	}
	return strconv.Quote(text)
}
