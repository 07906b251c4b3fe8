package placeholder

import (
	"encoding/json"
	"unicode/utf8"
)

// escaped is the piece with its values escaped for a place.
func (p piece) escaped(where Place) piece {
	if p.raw || where == Body {
		return p
	}
	escape := map[Place]func(dst, value []byte) []byte{JSON: appendJSON, Component: appendComponent, Pair: appendComponent, Reference: appendReference, Header: appendHeader}[where]
	if p.fill == nil {
		p.text = string(escape(nil, []byte(p.text)))
		return p
	}
	inner := p.fill
	p.fill = func(dst []byte, s *Scope) []byte {
		start := len(dst)
		dst = inner(dst, s)
		if harmless(dst[start:]) {
			return dst
		}
		value := append([]byte(nil), dst[start:]...)
		return escape(dst[:start], value)
	}
	return p
}

// harmless tells whether a value is the same in every place: letters, digits, - . _ and ~.
func harmless(value []byte) bool {
	for _, c := range value {
		if !unreserved(c) {
			return false
		}
	}
	return true
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

const hex = "0123456789ABCDEF"

func appendComponent(dst, value []byte) []byte {
	for _, c := range value {
		if unreserved(c) {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}

// appendReference leaves what has a meaning in a URL.
func appendReference(dst, value []byte) []byte {
	for i, c := range value {
		bad := c <= ' ' || c >= 0x7f
		switch c {
		case '"', '<', '>', '\\', '^', '`', '{', '|', '}', '#':
			bad = true
		case '%':
			bad = i+2 >= len(value) || !isHex(value[i+1]) || !isHex(value[i+2])
		}
		if bad {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// appendHeader leaves out what cannot stand in a header's value.
func appendHeader(dst, value []byte) []byte {
	for _, c := range value {
		if c >= ' ' && c != 0x7f || c == '\t' {
			dst = append(dst, c)
		}
	}
	return dst
}

// appendJSON writes the inside of a JSON string. What is not UTF-8 becomes U+FFFD.
func appendJSON(dst, value []byte) []byte {
	for len(value) > 0 {
		c := value[0]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(value)
			dst = utf8.AppendRune(dst, r)
			value = value[n:]
			continue
		default:
			dst = append(dst, c)
		}
		value = value[1:]
	}
	return dst
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
