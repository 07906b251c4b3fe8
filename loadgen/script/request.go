package script

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// base returns the target as a URL.
func (c *flow) base() (*url.URL, error) {
	base := c.spec.Target
	if rest, ok := strings.CutPrefix(base, "unix:"); ok {
		_, after, _ := strings.Cut(rest, ":")
		base = "http://localhost/" + strings.TrimPrefix(after, "/")
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, field.Wrong("target", c.spec.Target, "must be a URL, such as http://127.0.0.1:8080/ping")
	}
	return u, nil
}

// request compiles a step that is a request.
func (c *flow) request(at string, s *loadgen.Step) error {
	method, ref, _ := s.Request()
	if s.Name != "" && c.names[s.Name] {
		return field.Wrong(at+".name", s.Name, "is the name of another step: names of steps must be unique")
	}
	m := Message{Name: s.NameOf(c.names), Method: method}
	for _, i := range c.open {
		m.Groups = append(m.Groups, c.program.Groups[i])
	}
	var err error
	if m.path, m.host, err = c.path(at+"."+strings.ToLower(method), ref); err != nil {
		return err
	}
	if m.path, err = c.query(at, m.path, s.Query); err != nil {
		return err
	}
	contentType, err := c.body(at, s, &m)
	if err != nil {
		return err
	}
	if err := c.head(at, s, &m, contentType); err != nil {
		return err
	}
	if err := c.response(at, s, &m); err != nil {
		return err
	}
	c.program.Messages = append(c.program.Messages, m)
	c.emit(Op{Kind: OpSend, Message: len(c.program.Messages) - 1})
	return nil
}

// response compiles the extractions and checks of a step. A check may use a value that the same step extracts.
func (c *flow) response(at string, s *loadgen.Step, m *Message) error {
	for _, name := range sortedKeys(s.Extract) {
		if err := c.extraction(at+".extract."+name, name, s.Extract[name], m); err != nil {
			return err
		}
	}
	for i := range m.Extracts {
		m.Extracts[i].Slot = c.slot(m.Extracts[i].Name)
		c.program.extracted[m.Extracts[i].Name] = m.Extracts[i].Slot
	}
	for i, given := range s.Checks {
		check, err := c.check(fmt.Sprintf("%s.checks[%d]", at, i), given, m)
		if err != nil {
			return err
		}
		check.Index = len(c.program.Checks)
		c.program.Checks = append(c.program.Checks, CheckName{m.Name, given.Label()})
		m.Checks = append(m.Checks, check)
	}
	return nil
}

// path compiles a step's URL and returns its request target and the index of its host. A URL that starts with a placeholder is extracted
// from a response: its host is determined when it is filled in.
func (c *flow) path(at, ref string) (path template.Template, host int, err error) {
	const want = "must be a URL, relative to the target or with http or https"
	if strings.HasPrefix(ref, "{{") {
		end := strings.Index(ref, "}}")
		if end < 0 {
			return nil, 0, field.Wrong(at, ref, want)
		}
		first, err := c.text(at, ref[:end+2], template.InReference)
		if err != nil {
			return nil, 0, err
		}
		rest, err := c.text(at, ref[end+2:], template.InURL)
		return first.Join(rest), 0, err
	}
	u, err := c.base()
	if err != nil {
		return nil, 0, err
	}
	hidden := newHider(u.String() + ref)
	full, err := u.Parse(hidden.escaped(ref))
	if err != nil || full.Opaque != "" {
		return nil, 0, field.Wrong(at, ref, want)
	}
	host, ok := c.program.hostOf(full)
	if !ok || hidden.in(full.Host) || full.Scheme != "http" && full.Scheme != "https" {
		return nil, 0, field.Wrong(at, ref, "%s; placeholders may follow the host", want)
	}
	path, err = c.text(at, hidden.show(full.RequestURI()), template.InURL)
	return path, host, err
}

// query appends a step's query to its path.
func (c *flow) query(at string, path template.Template, query map[string]string) (template.Template, error) {
	pairs, err := c.pairs(at+".query", query, template.InQuery)
	if err != nil || len(query) == 0 {
		return path, err
	}
	separator := "?"
	if path.Contains("?") {
		separator = "&"
	}
	return path.Join(template.Fixed(separator), pairs), nil
}

// pairs compiles names and values joined by = and &, in a query or a form.
func (c *flow) pairs(at string, values map[string]string, where template.Place) (template.Template, error) {
	var out template.Template
	for i, name := range sortedKeys(values) {
		key, err := c.text(at, name, where)
		if err != nil {
			return nil, err
		}
		value, err := c.text(at+"."+name, values[name], where)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = out.Join(template.Fixed("&"))
		}
		out = out.Join(key, template.Fixed("="), value)
	}
	return out, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
