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

// Whole returns the spec's requests with the defaults from the spec; one without a name if it lists none.
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

// single are headers that a request has once at most: several values cannot be joined.
var single = map[string]bool{
	"host": true, "authorization": true, "content-type": true, "user-agent": true, "referer": true, "origin": true, "range": true,
	"if-modified-since": true, "if-unmodified-since": true, "if-range": true, "from": true, "max-forwards": true, "date": true,
}

// JoinHeader makes one value of those of several lines of a header, which means the same to a server (RFC 9110 section 5.3;
// Cookie: RFC 9113 section 8.2.3), since a spec holds each header once. It reports false if the header cannot have several.
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
