package loadgen

import (
	"encoding/base64"
	"unicode/utf8"

	"landfall/loadgen/field"
)

// SetBody makes b the body. What is no text in UTF-8 goes into BodyBase64, since messages and spec files hold texts only,
// and has no placeholders.
func (s *Spec) SetBody(b []byte) { s.Body, s.BodyBase64 = BodyFields(b) }

func BodyFields(b []byte) (text, base string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
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
