package loadgen

import (
	"maps"
	"slices"
	"strings"
)

// Whole are the spec's requests with what they take from the spec; one without a name when it lists none.
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

// Overlaid are the headers of base but for those that over has, in whatever case.
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

// HeaderOf is the value of a header, in whatever case its name is written.
func HeaderOf(headers map[string]string, name string) (string, bool) {
	for have, value := range headers {
		if strings.EqualFold(have, name) {
			return value, true
		}
	}
	return "", false
}
