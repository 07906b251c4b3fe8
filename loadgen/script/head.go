package script

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// head compiles the header lines of a step in a fixed order: Host if the step sets it, User-Agent, then the others by name.
func (c *flow) head(at string, s *loadgen.Step, m *Message, contentType string) error {
	headers := loadgen.Overlaid(c.spec.Headers, s.Headers)
	defaults := []struct{ name, value string }{
		{"User-Agent", strings.TrimSuffix("landfall/"+c.o.Version, "/")}, {"Content-Type", contentType},
	}
	if c.spec.Compressed {
		defaults = append(defaults, struct{ name, value string }{"Accept-Encoding", "gzip, br, zstd"})
	}
	for _, d := range defaults {
		if _, has := loadgen.HeaderOf(headers, d.name); !has && d.value != "" {
			headers[d.name] = d.value
		}
	}
	auth, err := c.auth(at, s.Auth, headers)
	if err != nil {
		return err
	}
	names := slices.SortedFunc(maps.Keys(headers), func(a, b string) int {
		return strings.Compare(rank(a)+strings.ToLower(a), rank(b)+strings.ToLower(b))
	})
	for _, name := range names {
		line, err := c.headerLine(at+".headers", name, headers[name])
		if err != nil {
			return err
		}
		switch {
		case strings.EqualFold(name, "Authorization"), strings.EqualFold(name, "Cookie"):
			m.private = m.private.Join(line)
			m.ownCookie = m.ownCookie || strings.EqualFold(name, "Cookie")
			continue
		case strings.EqualFold(name, "Host") && c.spec.Proxy != "":
			return field.Wrong(at+".headers", name, aboutHost)
		case strings.EqualFold(name, "Host"):
			m.ownHost = true
		}
		if m.head = m.head.Join(line); !strings.EqualFold(name, "Content-Type") {
			m.bare = m.bare.Join(line)
		}
	}
	m.private = m.private.Join(auth)
	return nil
}

// rank puts Host and User-Agent first.
func rank(name string) string {
	switch {
	case strings.EqualFold(name, "Host"):
		return "0"
	case strings.EqualFold(name, "User-Agent"):
		return "1"
	}
	return "2"
}

func (c *flow) headerLine(at, name, value string) (template.Template, error) {
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return nil, field.Wrong(at, name, "is not a valid header name")
	case !httpguts.ValidHeaderFieldValue(value):
		return nil, field.Wrong(at+"."+name, value, "is not a valid header value")
	case strings.EqualFold(name, "Content-Length"):
		return nil, nil // computed from the body
	case strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Upgrade"):
		return nil, field.Wrong(at+"."+name, value, "bodies are always sent with Content-Length: remove this header")
	}
	text, err := c.text(at+"."+name, value, template.InHeader)
	return template.Fixed(name+": ").Join(text, template.Fixed("\r\n")), err
}

// auth returns the Authorization header of a step's auth.
func (c *flow) auth(at string, a *loadgen.Auth, headers map[string]string) (template.Template, error) {
	if a == nil {
		return nil, nil
	}
	_, has := loadgen.HeaderOf(headers, "Authorization")
	switch {
	case has:
		return nil, field.Wrong(at+".auth", "", "set auth or the header Authorization, not both")
	case (a.Basic == "") == (a.Bearer == ""):
		return nil, field.Wrong(at+".auth", "", "must be basic (user:password) or bearer (a token)")
	case a.Basic != "" && !strings.Contains(a.Basic, ":") && !strings.Contains(a.Basic, "{{"):
		return nil, field.Wrong(at+".auth.basic", "", "must be user:password")
	case a.Bearer != "":
		return c.headerLine(at+".auth.bearer", "Authorization", "Bearer "+a.Bearer)
	}
	credentials, err := c.text(at+".auth.basic", a.Basic, template.InText)
	return template.Fixed("Authorization: Basic ").Join(credentials.Base64(), template.Fixed("\r\n")), err
}
