package loadgen

import (
	"bytes"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"landfall/loadgen/field"
)

// Whole returns the spec's requests with the values that they inherit from the spec. A spec without a list has one, without a name.
func (s Spec) Whole() []Request {
	one := Request{Method: s.Method, Headers: s.Headers, Body: s.Body, BodyBase64: s.BodyBase64, Expect: s.Expect}
	if len(s.Requests) == 0 {
		return []Request{one}
	}
	list := slices.Clone(s.Requests)
	for i := range list {
		r := &list[i]
		if r.Method == "" {
			r.Method = s.Method
			if (r.Body != "" || r.BodyBase64 != "") && (s.Method == "GET" || s.Method == "") {
				r.Method = "POST"
			}
		}
		if r.Body == "" && r.BodyBase64 == "" {
			r.Body, r.BodyBase64 = s.Body, s.BodyBase64
		}
		if r.Expect.Statuses == nil && r.Expect.BodyContains == "" && r.Expect.MaxBytes == 0 {
			r.Expect = s.Expect
		}
		r.Headers = Overlaid(s.Headers, r.Headers)
	}
	return list
}

// Overlaid returns the headers of base, replaced by those of over, ignoring case.
func Overlaid(base, over map[string]string) map[string]string {
	out := maps.Clone(over)
	if out == nil {
		out = map[string]string{}
	}
	for name, value := range base {
		if _, has := HeaderOf(over, name); !has {
			out[name] = value
		}
	}
	return out
}

// HeaderOf returns the value of a header, ignoring the case of its name.
func HeaderOf(headers map[string]string, name string) (string, bool) {
	for have, value := range headers {
		if strings.EqualFold(have, name) {
			return value, true
		}
	}
	return "", false
}

// SetBody makes b the body: see [BodyFields].
func (s *Spec) SetBody(b []byte) { s.Body, s.BodyBase64 = BodyFields(b) }

// BodyFields returns a body as text, which may hold placeholders, or as base64. Base64 is used for invalid UTF-8, and for bodies
// without placeholders that JSON escapes would make longer.
func BodyFields(b []byte) (text, base string) {
	if utf8.Valid(b) && (bytes.Contains(b, []byte("{{")) || EscapedLen(string(b)) <= base64.StdEncoding.EncodedLen(len(b))+64) {
		return string(b), ""
	}
	return "", base64.StdEncoding.EncodeToString(b)
}

// EscapedLen returns the length of a text in a message, in bytes: as JSON with <, > and & escaped, as by encoding/json.
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

// checkBody validates a body, which is given as text or as base64.
func checkBody(at, text, base string) error {
	maxBase64 := base64.StdEncoding.EncodedLen(MaxBody)
	switch {
	case len(text) > MaxBody:
		return field.Wrong(at+"body", len(text), "must be at most %d bytes", MaxBody)
	case text != "" && base != "":
		return field.Wrong(at+"body_base64", "", "set body or body_base64, not both")
	case len(base) > maxBase64:
		return field.Wrong(at+"body_base64", len(base), "must be at most %d bytes, for a body of %d bytes", maxBase64, MaxBody)
	}
	if _, err := base64.StdEncoding.DecodeString(base); err != nil {
		return field.Wrong(at+"body_base64", base, "must be base64 (RFC 4648 §4)")
	}
	return nil
}

// single are the headers that must not be repeated.
var single = map[string]bool{
	"host": true, "authorization": true, "content-type": true, "user-agent": true, "referer": true, "origin": true, "range": true,
	"if-modified-since": true, "if-unmodified-since": true, "if-range": true, "from": true, "max-forwards": true, "date": true,
}

// JoinHeader joins the values of a repeated header into one value with the same meaning (RFC 9110 section 5.3; for Cookie RFC 9113
// section 8.2.3), since a spec holds each header once. ok is false if the header must not be repeated.
func JoinHeader(name string, values []string) (value string, ok bool) {
	name = strings.ToLower(name)
	if len(values) > 1 && single[name] {
		return "", false
	}
	separator := ", "
	if name == "cookie" {
		separator = "; "
	}
	return strings.Join(values, separator), true
}
