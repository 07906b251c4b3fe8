package specfile

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// decoder fills a Spec from YAML nodes. It does less than the library's own decoder and says more: every error has
// its line, its column and the field's path.
type decoder struct {
	file    string
	anchors map[string]ast.Node
	aliases int
}

// fileField is a field of a spec file that stands for another one and names a file.
type fileField struct {
	field string
	most  int // bytes
}

// includes are the fields that only files have.
var includes = map[reflect.Type]map[string]fileField{
	reflect.TypeFor[loadgen.Spec]():    {"body_file": {"body", loadgen.MaxBody}, "csv_file": {"csv", template.MaxCSV}},
	reflect.TypeFor[loadgen.Request](): {"body_file": {"body", loadgen.MaxBody}},
	reflect.TypeFor[loadgen.Step]():    {"body_file": {"body", loadgen.MaxBody}},
	reflect.TypeFor[loadgen.TLS]():     {"ca_file": {"ca", MaxPEM}, "cert_file": {"cert", MaxPEM}, "key_file": {"key", MaxPEM}},
}

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
	case v.Type() == jsonType:
		return d.json(n, v, path)
	case v.Type() == reflect.TypeFor[loadgen.Threshold]() && isScalar(n): // "p99<250ms" is short for its expr
		v = v.FieldByName("Expr")
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

// resolve looks through anchors, aliases and tags. Aliases are few, and none is inside an anchor, so that a short file
// cannot unfold into a long one.
func (d *decoder) resolve(n ast.Node) (ast.Node, error) {
	for range maxNesting {
		switch node := n.(type) {
		case *ast.AnchorNode:
			if node.Value == nil {
				return nil, nil
			}
			if hasAlias(node.Value) {
				return nil, d.at(n, "an anchor must not hold an alias")
			}
			d.anchors[node.Name.GetToken().Value] = node.Value
			n = node.Value
		case *ast.AliasNode:
			if d.aliases++; d.aliases > maxAliases {
				return nil, d.at(n, "more than %d aliases", maxAliases)
			}
			name := node.Value.GetToken().Value
			if d.anchors[name] == nil {
				return nil, d.at(n, "there is no anchor &%s above", name)
			}
			n = d.anchors[name]
		case *ast.TagNode:
			if tag := node.GetToken().Value; !coreTags[tag] {
				return nil, d.at(n, "the tag %s is not supported (bytes that are not text have body_base64 and body_file)", tag)
			}
			n = node.Value
		default:
			return n, nil
		}
	}
	return nil, d.at(n, "nested too deep")
}

// coreTags are those of YAML's core schema, which say what a value is anyway.
var coreTags = map[string]bool{"!!str": true, "!!int": true, "!!float": true, "!!bool": true, "!!null": true, "!!map": true, "!!seq": true}

// aliasFinder is an ast.Visitor that looks for aliases.
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

// pairs are the keys and values of a mapping.
func (d *decoder) pairs(n ast.Node, path string) ([]*ast.MappingValueNode, error) {
	switch node := n.(type) {
	case *ast.MappingNode:
		return node.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}, nil
	}
	if path == "" {
		return nil, d.at(n, "must be fields and their values, such as target: http://127.0.0.1:8080/ping")
	}
	return nil, d.at(n, "%s: must be fields and their values", path)
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

// merge fills in what a "<<" brings. It stands before the fields that change it.
func (d *decoder) merge(n ast.Node, v reflect.Value, path string) error {
	n, err := d.resolve(n)
	if err != nil || n == nil {
		return err
	}
	if list, ok := n.(*ast.SequenceNode); ok {
		for i := range slices.Backward(list.Values) { // the first has the last word
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
		return d.at(p.Key, "%s is given twice", join(path, name))
	}
	seen[name] = true
	field := v.Field(index)
	if !isFile {
		return d.value(p.Value, field, join(path, key))
	}
	var path1 string
	if err := d.value(p.Value, reflect.ValueOf(&path1).Elem(), join(path, key)); err != nil {
		return err
	}
	data, err := d.include(p.Value, path1, file.most)
	if err != nil {
		return err
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
		return d.at(p.Value, "%s: not a text in UTF-8", path1)
	}
	field.SetString(string(data))
	return nil
}

// entries fills a map whose keys are texts.
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
			return d.at(p.Value, `%s: has no value: write "" for an empty one`, join(path, key))
		}
		value := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(p.Value, value, join(path, key)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}

func keyNode(k ast.MapKeyNode) ast.Node {
	if explicit, ok := k.(*ast.MappingKeyNode); ok {
		return explicit.Value
	}
	return k
}

func (d *decoder) list(n ast.Node, v reflect.Value, path string) error {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		return d.at(n, "%s: must be a list", path)
	}
	if len(list.Values) == 0 { // as if it were left out
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

func (d *decoder) duration(n ast.Node, v reflect.Value, path string) error {
	text, ok := textOf(n)
	var value loadgen.Duration
	if !ok || value.UnmarshalText([]byte(strings.TrimSpace(text))) != nil {
		return d.at(n, "%s %s: must be a number with a unit, such as 250ms, 10s or 1m30s", path, shown(n))
	}
	v.SetInt(int64(value))
	return nil
}

// scalar fills a text, a number or a yes or no.
func (d *decoder) scalar(n ast.Node, v reflect.Value, path string) error {
	text, ok := textOf(n)
	if v.Kind() == reflect.String {
		if !ok {
			return d.at(n, "%s: must be a text", path)
		}
		v.SetString(text)
		return nil
	}
	want, err := setNumber(v, strings.ReplaceAll(strings.TrimSpace(text), "_", ""))
	if !ok || err != nil {
		return d.at(n, "%s %s: must be %s", path, shown(n), want)
	}
	return nil
}

// setNumber reads a text as what v holds, and says what that is.
func setNumber(v reflect.Value, text string) (want string, err error) {
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		v.SetBool(b)
		return "true or false", err
	case reflect.Uint64:
		u, err := strconv.ParseUint(text, 10, 64)
		v.SetUint(u)
		return "a whole number from 0 up", err
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && !finite(f) {
			err = strconv.ErrRange
		}
		v.SetFloat(f)
		return "a number", err
	}
	i, err := wholeNumber(text)
	if err == nil && v.OverflowInt(i) {
		err = strconv.ErrRange
	}
	v.SetInt(i)
	return "a whole number", err
}

// wholeNumber reads 1000000 and 1e6.
func wholeNumber(s string) (int64, error) {
	i, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return i, nil
	}
	if f, e := strconv.ParseFloat(s, 64); e == nil && f == float64(int64(f)) && f > -1e15 && f < 1e15 {
		return int64(f), nil
	}
	return 0, err
}

func isScalar(n ast.Node) bool {
	_, ok := textOf(n)
	return ok
}

// textOf is a scalar as it is written in the file.
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

// fieldsOf are the YAML names of a struct with the places of their fields.
func fieldsOf(t reflect.Type) map[string]int {
	m := make(map[string]int, t.NumField())
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "-" { // that is of no file
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

// suggest names the known field that is nearest to a wrong one, or all of them when none is near.
func suggest(key string, known map[string]int, files map[string]fileField) string {
	names := slices.Sorted(maps.Keys(known))
	names = append(names, slices.Sorted(maps.Keys(files))...)
	best, least := "", len(key)/2+2
	for _, name := range names {
		if n := distance(strings.ToLower(key), name); n < least {
			best, least = name, n
		}
	}
	if best != "" {
		return fmt.Sprintf(": did you mean %s?", best)
	}
	return ": known are " + strings.Join(names, ", ")
}

// distance is how many letters must be put in, taken out or replaced to make b of a. Long keys are not worth the time.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// finite tells whether v is a number that JSON can hold.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
