package script

import (
	"strconv"
	"strings"

	"landfall/loadgen/http2"
	"landfall/loadgen/template"
)

// http2 compiles a request for HTTP/2.
func (c compiler) http2(s *scripted, authority string) {
	scheme := "http"
	if strings.HasPrefix(c.spec.Target, "https:") {
		scheme = "https"
	}
	var headers []http2.Field
	values := map[string]template.Template{":path": s.path}
	for _, h := range s.headers {
		headers = append(headers, http2.Field{Name: h.name, Value: fixed(h.value), Vary: h.value.Varying() > 0})
		values[strings.ToLower(h.name)] = h.value
	}
	values[":authority"] = values["host"]
	if s.body.Varying() == 0 {
		s.shared = []byte(fixed(s.body))
		if s.length {
			headers = append(headers, http2.Field{Name: "content-length", Value: strconv.Itoa(len(s.shared))})
		}
	}
	s.fields = http2.NewFields(s.Method, scheme, authority, fixed(s.path), headers)
	for i := range s.fields {
		f := &s.fields[i]
		f.Vary = f.Vary || f.Name == ":path" && s.path.Varying() > 0
		if f.Vary {
			s.varying = append(s.varying, values[f.Name])
		}
	}
}

// fixed returns the text of a constant template, "" for others.
func fixed(t template.Template) string {
	text, _ := t.Constant()
	return text
}

// HTTP2 sets q to request i of the script, as the driver's request k, counted from 0. Values that vary are appended to buf, which is
// returned and must not change before q has been written; q's tag is kept. It allocates only if buf or q.Values must grow.
func (r *Reader) HTTP2(q *http2.Request, buf []byte, i int, k int64) []byte {
	s := &r.script.Requests[i]
	scope := r.from(k)
	q.Id, q.Fields, q.Values, q.Body, q.Shared, q.Head = i, s.fields, q.Values[:0], s.shared, true, s.Method == "HEAD"
	for _, t := range s.varying {
		from := len(buf)
		buf = t.Append(buf, scope)
		q.Values = append(q.Values, buf[from:len(buf):len(buf)])
	}
	if s.body.Varying() > 0 {
		from := len(buf)
		buf = s.body.Append(buf, scope)
		q.Body, q.Shared = buf[from:len(buf):len(buf)], false
	}
	return buf
}
