package importer

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"landfall/loadgen/template"
)

// templated is a value as a text with placeholders, as it stands in a query, path, header or form.
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

// jsonText is a value as JSON in a text with placeholders: only what is generated is one.
func jsonText(v any) string {
	var slots []string
	var hide func(v any) any
	hide = func(v any) any {
		switch v := v.(type) {
		case generated, number:
			slots = append(slots, templated(v))
			return slot(len(slots) - 1)
		case []any:
			out := make([]any, len(v))
			for i := range v {
				out[i] = hide(v[i])
			}
			return out
		case object:
			out := make(object, len(v))
			for name := range v {
				out[name] = hide(v[name])
			}
			return out
		}
		return v
	}
	doc := template.Literal(string(marshal(hide(v))))
	for n, placeholder := range slots {
		if strings.HasPrefix(placeholder, "{{int ") {
			doc = strings.ReplaceAll(doc, `"`+slot(n)+`"`, placeholder)
		}
		doc = strings.ReplaceAll(doc, slot(n), placeholder)
	}
	return doc
}

// jsonTemplate is a value as a JSON document whose strings hold placeholders.
func jsonTemplate(v any) []byte {
	return marshal(inJSON(v))
}

func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // what JSON was read from can be written
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func inJSON(v any) any {
	switch v := v.(type) {
	case generated:
		return string(v)
	case number:
		return "{{raw " + string(v) + "}}"
	case string:
		return template.Literal(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = inJSON(v[i])
		}
		return out
	case object:
		out := make(object, len(v))
		for name := range v {
			out[template.Literal(name)] = inJSON(v[name])
		}
		return out
	}
	return v
}
