package template

import (
	"bytes"
	"encoding/json"
	"strings"

	"landfall/loadgen/field"
)

// ParseJSON compiles a JSON document, whose strings (keys and values) may hold placeholders. A string that consists of {{raw x}} alone is
// replaced by the value without quotes, for numbers and objects. Errors are [*field.Error].
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

// isRaw reports whether a text is a single placeholder {{raw x}}.
func isRaw(text string) bool {
	before, inside, after, _, closed := cut(text)
	return closed && before == "" && after == "" && strings.HasPrefix(strings.TrimLeft(inside, " "), "raw ")
}

// stringEnd returns the end of the string that starts at i.
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
