package template

import (
	"bytes"
	"encoding/json"
	"strings"

	"landfall/loadgen/field"
)

// ParseJSON takes a JSON document of a field apart, in whose strings (values and keys) placeholders may stand. A string that is
// nothing but {{raw x}} becomes the value without quotes, for numbers and whole objects. Errors are [*field.Error].
func ParseJSON(at string, doc []byte, names Names) (Template, error) {
	var b builder
	for len(doc) > 0 {
		start := bytes.IndexByte(doc, '"')
		if start < 0 {
			break
		}
		end := stringEnd(doc, start)
		var text string
		if err := json.Unmarshal(doc[start:end], &text); err != nil {
			return nil, field.Wrong(at, "", "%v", err)
		}
		where, quote := InString, `"`
		if isRaw(text) {
			where, quote = InText, ""
		}
		inner, err := Parse(at, text, where, names)
		if err != nil {
			return nil, err
		}
		b.text(string(doc[:start]) + quote)
		b.join(inner)
		b.text(quote)
		doc = doc[end:]
	}
	b.text(string(doc))
	return b.template(), nil
}

// isRaw reports whether a text is one placeholder, {{raw x}}.
func isRaw(text string) bool {
	before, inside, after, _, ends := cut(text)
	return ends && before == "" && after == "" && strings.HasPrefix(strings.TrimLeft(inside, " "), "raw ")
}

// stringEnd is where the string that begins at i ends.
func stringEnd(doc []byte, i int) int {
	for i++; i < len(doc); i++ {
		switch doc[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(doc)
}
