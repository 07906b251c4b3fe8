package script

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// multipart compiles a multipart/form-data body (RFC 7578) and returns its Content-Type, which includes the boundary.
func (c *flow) multipart(at string, s *loadgen.Step, m *Message) (contentType string, err error) {
	if value, has := loadgen.HeaderOf(loadgen.Overlaid(c.spec.Headers, s.Headers), "Content-Type"); has {
		return "", field.Wrong(at+".headers.Content-Type", value, "multipart sets this header, with the boundary: remove it")
	}
	boundary := "landfall-" + rand.Text()
	for _, name := range partNames(s.Multipart) {
		part, err := c.part(at+".multipart."+name, name, s.Multipart[name])
		if err != nil {
			return "", err
		}
		m.body = m.body.Join(template.Fixed("--"+boundary+"\r\n"), part, template.Fixed("\r\n"))
	}
	m.body = m.body.Join(template.Fixed("--" + boundary + "--\r\n"))
	return "multipart/form-data; boundary=" + boundary, nil
}

// partNames returns the names of values, then those of files: some servers need the values before they process a file.
func partNames(parts map[string]loadgen.Part) []string {
	names := sortedKeys(parts)
	slices.SortStableFunc(names, func(a, b string) int {
		isFile := func(name string) int { return min(len(parts[name].Filename), 1) }
		return isFile(a) - isFile(b)
	})
	return names
}

// part compiles one part: its header lines, an empty line, and its body.
func (c *flow) part(at, name string, p loadgen.Part) (template.Template, error) {
	if p.Type == "" && p.Filename != "" {
		p.Type = "application/octet-stream"
	}
	if !httpguts.ValidHeaderFieldValue(p.Type) {
		return nil, field.Wrong(at+".type", p.Type, "is not a valid media type")
	}
	out := template.Fixed(`Content-Disposition: form-data; name="` + quotes.Replace(name) + `"`)
	if p.Filename != "" {
		filename, err := c.text(at+".filename", quotes.Replace(p.Filename), template.InHeader)
		if err != nil {
			return nil, err
		}
		out = out.Join(template.Fixed(`; filename="`), filename, template.Fixed(`"`))
	}
	if p.Type != "" {
		out = out.Join(template.Fixed("\r\nContent-Type: " + p.Type))
	}
	out = out.Join(template.Fixed("\r\n\r\n"))
	if p.BodyBase64 != "" {
		raw, err := base64.StdEncoding.DecodeString(p.BodyBase64)
		if err != nil {
			return nil, field.Wrong(at+".body_base64", p.BodyBase64, "must be base64 (RFC 4648 §4)")
		}
		return out.Join(template.Fixed(string(raw))), nil
	}
	body, err := c.text(at+".body", p.Body, template.InText)
	return out.Join(body), err
}

// quotes escapes a quoted name as browsers do (HTML standard, "multipart/form-data encoding algorithm").
var quotes = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")
