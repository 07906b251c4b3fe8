package loadgen

import (
	"strconv"
	"strings"
)

// http2 fills in a request's form for HTTP/2.
func (c compiler) http2(s *scripted, authority string) {
	scheme := "http"
	if strings.HasPrefix(c.spec.Target, "https:") {
		scheme = "https"
	}
	var headers []h2Field
	values := map[string]template{":path": s.path}
	for _, h := range s.headers {
		headers = append(headers, h2Field{name: h.name, value: fixed(h.value), vary: !h.value.constant()})
		values[strings.ToLower(h.name)] = h.value
	}
	values[":authority"] = values["host"]
	if s.body.constant() {
		s.shared = []byte(fixed(s.body))
		if s.length {
			headers = append(headers, h2Field{name: "content-length", value: strconv.Itoa(len(s.shared))})
		}
	}
	s.fields = newH2Fields(s.Method, scheme, authority, fixed(s.path), headers)
	for i := range s.fields {
		f := &s.fields[i]
		f.vary = f.vary || f.name == ":path" && !s.path.constant()
		if f.vary {
			s.varying = append(s.varying, values[f.name])
		}
	}
}

// fixed is a constant template's text, "" of others.
func fixed(t template) string {
	if !t.constant() {
		return ""
	}
	return t.text()
}

// http2 makes q request i of the script, as the driver's request k, counted from 0. What varies is appended to buf, which
// is returned and must not change before q has been written; q's tag is left alone. Nothing is allocated but the room that
// buf and q.values may need.
func (r *scriptReader) http2(q *h2Request, buf []byte, i int, k int64) []byte {
	s := &r.script.requests[i]
	seq := k*r.script.of + r.script.index
	q.id, q.fields, q.values, q.body, q.shared, q.head = i, s.fields, q.values[:0], s.shared, true, s.Method == "HEAD"
	for _, t := range s.varying {
		from := len(buf)
		buf = t.appendTo(buf, k, seq, &r.random)
		q.values = append(q.values, buf[from:len(buf):len(buf)])
	}
	if !s.body.constant() {
		from := len(buf)
		buf = s.body.appendTo(buf, k, seq, &r.random)
		q.body, q.shared = buf[from:len(buf):len(buf)], false
	}
	return buf
}
