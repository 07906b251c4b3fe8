package importer

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"landfall/loadgen/template"
)

// templated returns a value as a text with placeholders, for a query, header or form.
func templated(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case generated:
		return string(v)
	case number:
		return "{{" + string(v) + "}}"
	case string:
		return template.Literal(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, templated(item))
		}
		return strings.Join(parts, ",")
	}
	return jsonText(v)
}

// jsonText returns a value as JSON in a text with placeholders. Braces of the value are literal.
func jsonText(v any) string {
	var slots []string
	doc := template.Literal(string(marshal(mapped(v, func(name string) string { return name }, func(leaf any) any {
		switch leaf := leaf.(type) {
		case generated, number:
			slots = append(slots, templated(leaf))
			return slot(len(slots) - 1)
		}
		return leaf
	}))))
	for n, placeholder := range slots {
		if strings.HasPrefix(placeholder, "{{int ") {
			doc = strings.ReplaceAll(doc, `"`+slot(n)+`"`, placeholder)
		}
		doc = strings.ReplaceAll(doc, slot(n), placeholder)
	}
	return doc
}

// jsonTemplate returns a value as a JSON document whose strings hold placeholders.
func jsonTemplate(v any) []byte {
	return marshal(inJSON(v))
}

func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // the value was parsed from JSON
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func inJSON(v any) any {
	return mapped(v, template.Literal, func(leaf any) any {
		switch leaf := leaf.(type) {
		case generated:
			return string(leaf)
		case number:
			return "{{raw " + string(leaf) + "}}"
		case string:
			return template.Literal(leaf)
		}
		return leaf
	})
}

// mapped returns a copy of a value with its names and leaves replaced.
func mapped(v any, name func(string) string, leaf func(any) any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = mapped(v[i], name, leaf)
		}
		return out
	case object:
		out := make(object, len(v))
		for key := range v {
			out[name(key)] = mapped(v[key], name, leaf)
		}
		return out
	}
	return leaf(v)
}
