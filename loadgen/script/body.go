package script

import (
	"encoding/base64"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// body compiles a step's body and returns the Content-Type that goes with it, "" if there is none.
func (c *flow) body(at string, s *loadgen.Step, m *Message) (kind string, err error) {
	given := 0
	for _, set := range []bool{len(s.JSON) > 0, len(s.Form) > 0, len(s.Multipart) > 0, s.Body != "", s.BodyBase64 != ""} {
		if set {
			given++
		}
	}
	m.length = given > 0 || m.Method == "POST" || m.Method == "PUT" || m.Method == "PATCH"
	switch {
	case given > 1:
		return "", field.Wrong(at, "", "set only one of json, form, multipart, body and body_base64")
	case len(s.JSON) > 0:
		m.body, err = template.ParseJSON(at+".json", s.JSON, c.templateNames())
		return "application/json", err
	case len(s.Form) > 0:
		m.body, err = c.pairs(at+".form", s.Form, template.InField)
		return "application/x-www-form-urlencoded", err
	case len(s.Multipart) > 0:
		return c.multipart(at, s, m)
	case s.BodyBase64 != "":
		raw, err := base64.StdEncoding.DecodeString(s.BodyBase64)
		if err != nil {
			return "", field.Wrong(at+".body_base64", s.BodyBase64, "must be base64 (RFC 4648 §4)")
		}
		m.body = template.Fixed(string(raw))
		return "", nil
	}
	where := template.PlaceOfBody(contentType(loadgen.Overlaid(c.spec.Headers, s.Headers)), s.Body)
	m.body, err = c.text(at+".body", s.Body, where)
	return "", err
}
