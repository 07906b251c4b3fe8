package specfile

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// decoder fills a Spec from YAML nodes. Unlike the library's decoder, it gives every error a line, a column
// and the field's path.
type decoder struct {
	file    string
	anchors map[string]ast.Node
	aliases int
}

// fileField is a field of a spec file that names a file with the content of another field.
type fileField struct {
	field string
	limit int // bytes
}

// includes lists the fields that exist only in spec files.
var includes = map[reflect.Type]map[string]fileField{
	reflect.TypeFor[loadgen.Spec]():    {"body_file": {"body", loadgen.MaxBody}, "csv_file": {"csv", template.MaxCSV}},
	reflect.TypeFor[loadgen.Request](): {"body_file": {"body", loadgen.MaxBody}},
	reflect.TypeFor[loadgen.Step]():    {"body_file": {"body", loadgen.MaxBody}},
	reflect.TypeFor[loadgen.Part]():    {"path": {"body", loadgen.MaxBody}},
	reflect.TypeFor[loadgen.Dataset](): {"file": {"rows", loadgen.MaxData}},
	reflect.TypeFor[loadgen.TLS]():     {"ca_file": {"ca", MaxPEM}, "cert_file": {"cert", MaxPEM}, "key_file": {"key", MaxPEM}},
}

// shorthand lists the structs that can be written as a single value, with the field that it sets: "p99<250ms" is the expr of a
// threshold.
var shorthand = map[reflect.Type]string{reflect.TypeFor[loadgen.Threshold](): "Expr", reflect.TypeFor[loadgen.Part](): "Body"}

var durationType = reflect.TypeFor[loadgen.Duration]()

func (d *decoder) value(n ast.Node, v reflect.Value, path string) error {
	n, err := d.resolve(n)
	if err != nil {
		return err
	}
	if n == nil || n.Type() == ast.NullType {
		return nil
	}
	switch {
	case v.Type() == durationType:
		return d.duration(n, v, path)
	case v.Type() == statusesType:
		return d.statuses(n, v, path)
	case v.Type() == jsonType:
		return d.json(n, v, path)
	case shorthand[v.Type()] != "" && isScalar(n):
		v = v.FieldByName(shorthand[v.Type()])
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.fields(n, v, path)
	case reflect.Map:
		return d.entries(n, v, path)
	case reflect.Slice:
		return d.list(n, v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(n, v.Elem(), path)
	}
	return d.scalar(n, v, path)
}

func (d *decoder) fields(n ast.Node, v reflect.Value, path string) error {
	pairs, err := d.pairs(n, path)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, p := range pairs {
		key := p.Key.GetToken().Value
		if p.Key.IsMergeKey() {
			if err := d.merge(p.Value, v, path); err != nil {
				return err
			}
			continue
		}
		if err := d.field(p, key, v, path, seen); err != nil {
			return err
		}
	}
	return nil
}

// merge applies a "<<". It must precede the fields that override it.
func (d *decoder) merge(n ast.Node, v reflect.Value, path string) error {
	n, err := d.resolve(n)
	if err != nil || n == nil {
		return err
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		for i := range slices.Backward(list.Values) { // the first mapping has precedence
			if err := d.value(list.Values[i], v, path); err != nil {
				return err
			}
		}
		return nil
	}
	return d.value(n, v, path)
}

func (d *decoder) field(p *ast.MappingValueNode, key string, v reflect.Value, path string, seen map[string]bool) error {
	known := fieldsOf(v.Type())
	file, isFile := includes[v.Type()][key]
	name := key
	if isFile {
		name = file.field
	}
	index, ok := known[name]
	switch {
	case !ok:
		return d.at(p.Key, "unknown field %q%s%s", key, in(path), suggest(key, known, includes[v.Type()]))
	case seen[name]:
		return d.at(p.Key, "%s is set twice", join(path, name))
	}
	seen[name] = true
	field := v.Field(index)
	if !isFile {
		return d.value(p.Value, field, join(path, key))
	}
	var name1 string
	if err := d.value(p.Value, reflect.ValueOf(&name1).Elem(), join(path, key)); err != nil {
		return err
	}
	data, err := d.include(p.Value, name1, file.limit)
	if err != nil {
		return err
	}
	if given := v.FieldByName("Filename"); given.IsValid() && given.String() == "" {
		given.SetString(filepath.Base(name1))
	}
	if name == "body" {
		text, base := loadgen.BodyFields(data)
		if base != "" {
			v.FieldByName("BodyBase64").SetString(base)
		}
		field.SetString(text)
		return nil
	}
	if !utf8.Valid(data) {
		return d.at(p.Value, "%s: not valid UTF-8", name1)
	}
	field.SetString(string(data))
	return nil
}

// entries fills a map with string keys.
func (d *decoder) entries(n ast.Node, v reflect.Value, path string) error {
	pairs, err := d.pairs(n, path)
	if err != nil {
		return err
	}
	if v.IsNil() {
		v.Set(reflect.MakeMapWithSize(v.Type(), len(pairs)))
	}
	for _, p := range pairs {
		if p.Key.IsMergeKey() {
			if err := d.merge(p.Value, v, path); err != nil {
				return err
			}
			continue
		}
		var key string
		if err := d.scalar(keyNode(p.Key), reflect.ValueOf(&key).Elem(), path); err != nil {
			return err
		}
		if p.Value.Type() == ast.NullType {
			return d.at(p.Value, `%s: has no value (write "" for an empty one)`, join(path, key))
		}
		value := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(p.Value, value, join(path, key)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}

func (d *decoder) list(n ast.Node, v reflect.Value, path string) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return d.at(n, "%s: must be a list", path)
	}
	if len(list.Values) == 0 { // same as omitted
		v.SetZero()
		return nil
	}
	out := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		if err := d.value(item, out.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	v.Set(out)
	return nil
}

// fieldsOf returns the indexes of a struct's fields by YAML name.
func fieldsOf(t reflect.Type) map[string]int {
	m := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "-" { // not in spec files
			m[name] = i
		}
	}
	return m
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func in(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}

// suggest returns a hint for an unknown field: the most similar known one, or all of them.
func suggest(key string, known map[string]int, files map[string]fileField) string {
	names := slices.Sorted(maps.Keys(known))
	names = append(names, slices.Sorted(maps.Keys(files))...)
	if best := field.Nearest(key, names); best != "" {
		return fmt.Sprintf(": did you mean %s?", best)
	}
	return ": must be one of " + strings.Join(names, ", ")
}
