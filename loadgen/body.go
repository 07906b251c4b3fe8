package loadgen

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"landfall/loadgen/field"
)

// SetBody makes b the body: see [BodyFields].
func (s *Spec) SetBody(b []byte) { s.Body, s.BodyBase64 = BodyFields(b) }

// BodyFields returns the form of a body in a spec: text, in which placeholders stand, or base64. Base64 is for bytes that
// are not valid UTF-8, and for those without placeholders that JSON would make longer, such as zeros.
func BodyFields(b []byte) (text, base string) {
	if utf8.Valid(b) && (bytes.Contains(b, []byte("{{")) || EscapedLen(string(b)) <= base64.StdEncoding.EncodedLen(len(b))+64) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
}

// EscapedLen returns how many bytes a text takes in a message: JSON with <, > and & escaped, as encoding/json writes it.
func EscapedLen(text string) int {
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			n++
		case c < 0x20 || c == '<' || c == '>' || c == '&':
			n += 5
		}
	}
	return n
}

// checkBody checks the two forms of a body, of which one may be there.
func checkBody(at, text, base string) error {
	most := base64.StdEncoding.EncodedLen(MaxBody)
	switch {
	case len(text) > MaxBody:
		return field.Wrong(at+"body", len(text), "must be at most %d bytes", MaxBody)
	case text != "" && base != "":
		return field.Wrong(at+"body_base64", "", "give body or body_base64, not both")
	case len(base) > most:
		return field.Wrong(at+"body_base64", len(base), "must be at most %d bytes, which are %d of a body", most, MaxBody)
	}
	if _, err := base64.StdEncoding.DecodeString(base); err != nil {
		return field.Wrong(at+"body_base64", base, "must be base64 (RFC 4648 §4)")
	}
	return nil
}
