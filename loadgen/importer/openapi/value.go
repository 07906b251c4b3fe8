package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Bounds of generated values, which end recursive and very large schemas.
const (
	maxDepth  = 8
	maxLength = 1 << 10 // characters of a string, items of a list
	maxNodes  = 2000    // nested values of one value
)

// generated is a text with placeholders, in a value whose other strings are literal.
type generated string

// number is the placeholder of a generated number, without braces.
type number string

// generator generates one value from a schema.
type generator struct {
	document *apiDocument
	nodes    int
	open     map[string]bool // references that are being resolved
	merging  []string        // those of them that are in allOf, oneOf or anyOf
}

// value returns a value for a schema: its example, or one that fits its type, format and bounds. ok is false if there is none, as for an
// object that must contain itself.
func (d *apiDocument) value(schema any) (v any, ok bool) {
	return (&generator{document: d, open: map[string]bool{}}).value(schema, 0)
}

func (m *generator) value(schema any, depth int) (v any, ok bool) {
	if m.nodes++; m.nodes > maxNodes || depth > maxDepth {
		return nil, false
	}
	if ref := refOf(schema); m.open[ref] {
		return nil, false
	} else if ref != "" {
		m.open[ref] = true
		defer delete(m.open, ref)
	}
	s := m.document.object(schema)
	if s == nil {
		return "text", true // the schema true, or a missing reference: any value fits
	}
	if given, has := example(s); has {
		return given, true
	}
	outer := len(m.merging)
	defer func() {
		for _, ref := range m.merging[outer:] {
			delete(m.open, ref)
		}
		m.merging = m.merging[:outer]
	}()
	if s = m.merged(s, depth); s == nil {
		return nil, false
	}
	if given, has := example(s); has {
		return given, true
	}
	return m.typed(s, depth)
}

// example returns the value that a schema specifies.
func example(s object) (v any, has bool) {
	for _, name := range []string{"example", "const", "default"} {
		if v, has = s[name]; has && v != nil {
			return v, true
		}
	}
	if examples := list(s["examples"]); len(examples) > 0 {
		return examples[0], true
	}
	for _, v := range list(s["enum"]) {
		if v != nil {
			return v, true
		}
	}
	return nil, false
}

// merged returns a schema merged with all of its allOf and the first usable one of its oneOf and of its anyOf.
func (m *generator) merged(s object, depth int) object {
	parts := list(s["allOf"])
	for _, name := range []string{"oneOf", "anyOf"} {
		for _, choice := range list(s[name]) {
			if o := m.document.object(choice); o != nil && text(o["type"]) != "null" && !m.open[refOf(choice)] {
				parts = append(slices.Clone(parts), choice)
				break
			}
		}
	}
	if len(parts) == 0 {
		return s
	}
	if depth > maxDepth {
		return nil
	}
	whole := maps.Clone(s)
	properties, required := maps.Clone(m.document.object(s["properties"])), slices.Clone(list(s["required"]))
	if properties == nil {
		properties = object{}
	}
	for _, part := range parts {
		if ref := refOf(part); m.open[ref] {
			continue
		} else if ref != "" {
			m.open[ref] = true
			m.merging = append(m.merging, ref)
		}
		o := m.merged(m.document.object(part), depth+1)
		for name, v := range o {
			if _, has := whole[name]; !has {
				whole[name] = v
			}
		}
		for name, v := range m.document.object(o["properties"]) {
			if _, has := properties[name]; !has {
				properties[name] = v
			}
		}
		required = append(required, list(o["required"])...)
	}
	if len(properties) > 0 {
		whole["properties"], whole["required"] = properties, required
	}
	return whole
}

func refOf(v any) string {
	o, _ := v.(object)
	return text(o["$ref"])
}

// typed returns a value of the schema's type.
func (m *generator) typed(s object, depth int) (any, bool) {
	switch kindOf(s) {
	case "object":
		return m.object(s, depth)
	case "array":
		return m.list(s, depth)
	case "boolean":
		return true, true
	case "integer":
		return whole(s), true
	case "number":
		return real(s), true
	case "null":
		return nil, true
	}
	return stringOf(s), true
}

// kindOf returns a schema's type: the first one that is not null, or the one that its other fields imply.
func kindOf(s object) string {
	if kind := text(s["type"]); kind != "" {
		return kind
	}
	for _, kind := range list(s["type"]) {
		if text(kind) != "null" {
			return text(kind)
		}
	}
	switch {
	case s["properties"] != nil, s["additionalProperties"] != nil:
		return "object"
	case s["items"] != nil:
		return "array"
	case s["minimum"] != nil, s["maximum"] != nil:
		return "number"
	}
	return "string"
}

// object returns an object with all properties that can be written. Optional properties without a value are left out.
func (m *generator) object(s object, depth int) (any, bool) {
	properties := m.document.object(s["properties"])
	out := object{}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		needed := slices.Contains(list(s["required"]), any(name))
		p := m.document.object(properties[name])
		if isTrue(p["readOnly"]) || !needed && isTrue(p["deprecated"]) {
			continue
		}
		v, ok := m.value(properties[name], depth+1)
		switch {
		case ok:
			out[name] = v
		case needed:
			return nil, false
		}
	}
	if extra, given := s["additionalProperties"].(object); given && len(out) == 0 && len(properties) == 0 {
		if v, ok := m.value(extra, depth+1); ok {
			out["key"] = v
		}
	}
	return out, true
}

// list returns a list with the minimum number of items, but at least one if possible.
func (m *generator) list(s object, depth int) (any, bool) {
	lower := int(min(bound(s["minItems"], 0), maxLength))
	out := []any{}
	for range max(lower, 1) {
		v, ok := m.value(s["items"], depth+1)
		if !ok {
			return out, lower == 0
		}
		out = append(out, v)
	}
	if upper := bound(s["maxItems"], 1); upper < 1 {
		out = out[:0]
	}
	return out, true
}

// bound returns a number of a schema, or otherwise if it is not a number.
func bound(v any, otherwise float64) float64 {
	if n, isNumber := v.(json.Number); isNumber {
		if f, err := n.Float64(); err == nil {
			return f
		}
	}
	return otherwise
}

// limits returns the bounds of a number. An exclusive bound is moved inwards by step.
func limits(s object, step float64) (lower, upper float64) {
	lower, upper = bound(s["minimum"], math.Inf(-1)), bound(s["maximum"], math.Inf(1))
	if isTrue(s["exclusiveMinimum"]) {
		lower += step
	}
	if isTrue(s["exclusiveMaximum"]) {
		upper -= step
	}
	return max(lower, bound(s["exclusiveMinimum"], math.Inf(-1))+step), min(upper, bound(s["exclusiveMaximum"], math.Inf(1))-step)
}

// whole returns an integer: a random one if both bounds are set, otherwise the one that is nearest to 1.
func whole(s object) any {
	lower, upper := limits(s, 1)
	lower, upper = math.Ceil(lower), math.Floor(upper)
	step := bound(s["multipleOf"], 1)
	if step <= 1 && lower > -1e15 && upper < 1e15 && lower < upper {
		return number(fmt.Sprintf("int %d %d", int64(lower), int64(upper)))
	}
	n := min(max(1, lower), upper)
	if step > 1 {
		n = math.Ceil(n/step) * step
	}
	return json.Number(strconv.FormatFloat(n, 'f', -1, 64))
}

func real(s object) any {
	lower, upper := limits(s, 0.001)
	n := min(max(1, lower), upper)
	if step := bound(s["multipleOf"], 0); step > 0 {
		n = math.Ceil(n/step) * step
	}
	return json.Number(strconv.FormatFloat(n, 'f', -1, 64))
}

// formats are values of strings by format. The text around placeholders must need no encoding in a URL.
var formats = map[string]any{
	"uuid": generated("{{uuid}}"), "date": generated(`{{now "2006-01-02"}}`), "date-time": generated("{{now}}"), "time": generated(`{{now "15:04:05Z"}}`),
	"email": generated("user{{iteration}}@example.com"), "idn-email": generated("user{{iteration}}@example.com"), "duration": "PT1S",
	"hostname": "www.example.com", "idn-hostname": "www.example.com", "uri": "https://www.example.com/", "url": "https://www.example.com/",
	"iri": "https://www.example.com/", "uri-reference": "/example", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "ZXhhbXBsZQ==",
	"binary": "example", "password": "example-password", "json-pointer": "/example", "regex": ".*",
}

// stringOf returns a string of the schema's format, pattern or length.
func stringOf(s object) any {
	lower, upper := int(min(bound(s["minLength"], 0), maxLength)), int(min(bound(s["maxLength"], maxLength), maxLength))
	if v, has := formats[text(s["format"])]; has {
		return v
	}
	if v, ok := matching(text(s["pattern"]), lower, upper); ok {
		return v
	}
	v := "text"
	for len(v) < lower {
		v += "x"
	}
	return v[:min(len(v), max(upper, 0))]
}
