package placeholder

import (
	"encoding/json"

	"landfall/loadgen/template"
)

// encodings are how values are written, by place.
var encodings = [...]template.Encoding{
	Body: template.Verbatim, JSON: template.JSONString, Component: template.URLPart, Pair: template.URLPart, Reference: template.URLText, Header: template.HeaderValue,
}

// escaped is the piece with its values escaped for a place.
func (p piece) escaped(where Place) piece {
	encoding := encodings[where]
	if p.raw || encoding == template.Verbatim {
		return p
	}
	if p.fill == nil {
		p.text = string(encoding.Append(nil, p.text))
		return p
	}
	inner := p.fill
	p.fill = func(dst []byte, s *Scope) []byte {
		start := len(dst)
		dst = inner(dst, s)
		if template.Unreserved(dst[start:]) {
			return dst
		}
		value := string(dst[start:])
		return encoding.Append(dst[:start], value)
	}
	return p
}

// ParseJSON takes a JSON document apart, in whose strings (values and keys) placeholders may stand. A string that is nothing
// but {{raw x}} becomes the value without quotes, for numbers and whole objects.
func ParseJSON(doc []byte, names Names) (Text, error) {
	var t Text
	for i := 0; i < len(doc); {
		if doc[i] != '"' {
			t = t.add(piece{text: string(doc[i])})
			i++
			continue
		}
		end := stringEnd(doc, i)
		var text string
		if err := json.Unmarshal(doc[i:end], &text); err != nil {
			return nil, err
		}
		inner, err := Parse(text, JSON, names)
		if err != nil {
			return nil, err
		}
		i = end
		if len(inner) == 1 && inner[0].raw {
			t = t.Join(inner)
			continue
		}
		t = t.add(piece{text: `"`}).Join(inner).add(piece{text: `"`})
	}
	return t, nil
}

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
