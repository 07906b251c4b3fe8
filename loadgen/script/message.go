package script

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen"
	"landfall/loadgen/extract"
	"landfall/loadgen/field"
	"landfall/loadgen/placeholder"
)

// Message is the request of a step, and what is done with its response.
type Message struct {
	Name, Method string
	Extracts     []Extraction
	Checks       []*ResponseCheck
	NeedsBody    bool // something looks at the response's body,
	NeedsHead    bool // or at its header

	path          placeholder.Text // with the query
	head          placeholder.Text // the header, but for Cookie and Content-Length
	bare          placeholder.Text // the same of a request without the body
	body          placeholder.Text
	length        bool // Content-Length is sent
	ownCookie     bool // the step gives its Cookie header itself
	statusChecked bool
}

// Extraction sets a variable from a response.
type Extraction struct {
	Name    string
	Slot    int
	Rule    *extract.Rule
	Default *string // nil: a missing value fails the iteration
}

// Expected tells whether a status is one that the step expects when none of its checks is about the status.
func (m *Message) Expected(status int) bool { return m.statusChecked || status >= 200 && status < 400 }

// Filler writes requests. One belongs to one loop.
type Filler struct{ path, body, cookies []byte }

// Cookies is called for the Cookie header of a request to a path.
type Cookies func(dst []byte, path string) []byte

// Hop is a redirect that a request follows. Without a Path there is none.
type Hop struct {
	Path string
	Get  bool // as a GET without a body
}

// Append appends the request as HTTP/1.1 and returns its path too, which is valid until the next call. false: a URL that was
// extracted is not on the target's host.
func (f *Filler) Append(dst []byte, p *Program, m *Message, s *placeholder.Scope, cookies Cookies, hop Hop) (out, path []byte, ok bool) {
	if hop.Path != "" {
		path = append(f.path[:0], hop.Path...)
	} else {
		f.path = m.path.Append(f.path[:0], s)
		if path, ok = p.onTarget(f.path); !ok {
			return dst, path, false
		}
	}
	method, head, length := m.Method, m.head, m.length
	if hop.Get {
		method, head, length = "GET", m.bare, false
	}
	dst = append(append(append(append(dst, method...), ' '), path...), " HTTP/1.1\r\n"...)
	dst = head.Append(dst, s)
	if cookies != nil && !m.ownCookie {
		if f.cookies = cookies(f.cookies[:0], string(path)); len(f.cookies) > 0 {
			dst = append(append(append(dst, "Cookie: "...), f.cookies...), "\r\n"...)
		}
	}
	if !length {
		return append(dst, "\r\n"...), path, true
	}
	f.body = m.body.Append(f.body[:0], s)
	dst = append(dst, "Content-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(f.body)), 10)
	return append(append(dst, "\r\n\r\n"...), f.body...), path, true
}

// OnTarget tells whether a request goes to the target: only a URL that was extracted may not.
func (f *Filler) OnTarget(p *Program, m *Message, s *placeholder.Scope) bool {
	if !m.path.Leads() {
		return true
	}
	f.path = m.path.Append(f.path[:0], s)
	_, ok := p.onTarget(f.path)
	return ok
}

// onTarget is the path of a URL that is on the target's host; a path is as it is.
func (p *Program) onTarget(text []byte) (path []byte, ok bool) {
	if len(text) > 0 && text[0] == '/' && !strings.HasPrefix(string(text), "//") {
		return text, true
	}
	scheme := "http://"
	if p.Secure {
		scheme = "https://"
	}
	rest, ok := strings.CutPrefix(string(text), scheme)
	if !ok {
		if strings.Contains(string(text), "://") || strings.HasPrefix(string(text), "//") {
			return text, false
		}
		return append([]byte("/"), text...), true
	}
	rest, ok = cutFold(rest, p.Authority)
	switch {
	case !ok || rest != "" && rest[0] != '/' && rest[0] != '?':
		return text, false
	case rest == "" || rest[0] == '?':
		rest = "/" + rest
	}
	return []byte(rest), true
}

// cutFold cuts a prefix, in whatever case.
func cutFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

// target notes whose the scenarios' requests are.
func (c *flow) target() error {
	u, err := c.base()
	if err != nil {
		return err
	}
	c.program.Host, c.program.Authority, c.program.Secure = strings.ToLower(u.Hostname()), loadgen.HostHeader(u), u.Scheme == "https"
	return nil
}

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
		return field.Wrong(at+".name", s.Name, "is another step's name: steps are told apart by their names")
	}
	m := Message{Name: s.NameOf(c.names), Method: method}
	var err error
	if m.path, err = c.path(at+"."+strings.ToLower(method), ref); err != nil {
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

// response compiles what is done with a response. Its checks know what it extracts.
func (c *flow) response(at string, s *loadgen.Step, m *Message) error {
	for _, name := range sortedKeys(s.Extract) {
		if err := c.extraction(at+".extract."+name, name, s.Extract[name], m); err != nil {
			return err
		}
	}
	for i := range m.Extracts {
		m.Extracts[i].Slot = c.slot(m.Extracts[i].Name)
	}
	for i, given := range s.Checks {
		check, err := c.check(fmt.Sprintf("%s.checks[%d]", at, i), given, m)
		if err != nil {
			return err
		}
		check.Index = len(c.program.Checks)
		c.program.Checks = append(c.program.Checks, CheckName{m.Name, label(given)})
		m.Checks = append(m.Checks, check)
	}
	return nil
}

// path is the request target of a URL. One that begins with a placeholder is a URL that was extracted.
func (c *flow) path(at, ref string) (placeholder.Text, error) {
	if strings.HasPrefix(ref, "{{") {
		end := strings.Index(ref, "}}")
		if end < 0 {
			return nil, field.Wrong(at, ref, "must be a URL, relative to the target or on its host")
		}
		first, err := c.text(at, ref[:end+2], placeholder.Reference)
		if err != nil {
			return nil, err
		}
		rest, err := c.text(at, ref[end+2:], placeholder.Component)
		return first.Join(rest), err
	}
	u, err := c.base()
	if err != nil {
		return nil, err
	}
	var held []string
	token := func(i int) string { return "slot" + strconv.Itoa(i) + "q" }
	hidden := placeholder.Replace(ref, func(text string) string {
		held = append(held, text)
		return token(len(held) - 1)
	})
	full, err := u.Parse(hidden)
	switch {
	case err != nil || full.Opaque != "":
		return nil, field.Wrong(at, ref, "must be a URL, relative to the target or on its host")
	case full.Scheme != u.Scheme || !strings.EqualFold(loadgen.HostHeader(full), loadgen.HostHeader(u)):
		return nil, field.Wrong(at, ref, "must be on the target's host, %s", u.Host)
	}
	text := full.RequestURI()
	for i, placeholder := range held {
		text = strings.Replace(text, token(i), placeholder, 1)
	}
	return c.text(at, text, placeholder.Component)
}

// query appends a step's query to its path.
func (c *flow) query(at string, path placeholder.Text, query map[string]string) (placeholder.Text, error) {
	pairs, err := c.pairs(at+".query", query)
	if err != nil || len(query) == 0 {
		return path, err
	}
	separator := "?"
	if path.Holds("?") {
		separator = "&"
	}
	return path.Join(placeholder.Fixed(separator), pairs), nil
}

// pairs are names and values as a query or a form has them.
func (c *flow) pairs(at string, values map[string]string) (placeholder.Text, error) {
	var out placeholder.Text
	for i, name := range sortedKeys(values) {
		key, err := c.text(at, name, placeholder.Pair)
		if err != nil {
			return nil, err
		}
		value, err := c.text(at+"."+name, values[name], placeholder.Pair)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = out.Join(placeholder.Fixed("&"))
		}
		out = out.Join(key, placeholder.Fixed("="), value)
	}
	return out, nil
}

// body compiles a step's body and says of which type it is.
func (c *flow) body(at string, s *loadgen.Step, m *Message) (contentType string, err error) {
	given := 0
	for _, is := range []bool{len(s.JSON) > 0, len(s.Form) > 0, s.Body != "", s.BodyBase64 != ""} {
		if is {
			given++
		}
	}
	m.length = given > 0 || m.Method == "POST" || m.Method == "PUT" || m.Method == "PATCH"
	switch {
	case given > 1:
		return "", field.Wrong(at, "", "give one of json, form, body and body_base64")
	case len(s.JSON) > 0:
		m.body, err = placeholder.ParseJSON(s.JSON, placeholder.Names{Variable: c.variable, Constant: c.constant})
		if err != nil {
			err = field.Wrong(at+".json", "", "%v", err)
		}
		return "application/json", err
	case len(s.Form) > 0:
		m.body, err = c.pairs(at+".form", s.Form)
		return "application/x-www-form-urlencoded", err
	case s.BodyBase64 != "":
		raw, err := base64.StdEncoding.DecodeString(s.BodyBase64)
		if err != nil {
			return "", field.Wrong(at+".body_base64", s.BodyBase64, "must be base64 (RFC 4648 §4)")
		}
		m.body = placeholder.Fixed(string(raw))
		return "", nil
	}
	m.body, err = c.text(at+".body", s.Body, placeholder.Body)
	return "", err
}

// head compiles a step's header: Host, User-Agent, what the step's auth and body bring, and the others by name.
func (c *flow) head(at string, s *loadgen.Step, m *Message, contentType string) error {
	headers := loadgen.Overlaid(c.spec.Headers, s.Headers)
	defaults := []struct{ name, value string }{
		{"Host", c.program.Authority}, {"User-Agent", strings.TrimSuffix("landfall/"+c.o.Version, "/")}, {"Content-Type", contentType},
	}
	if c.spec.Compressed {
		defaults = append(defaults, struct{ name, value string }{"Accept-Encoding", "gzip"})
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
		if m.head = m.head.Join(line); !strings.EqualFold(name, "Content-Type") {
			m.bare = m.bare.Join(line)
		}
		m.ownCookie = m.ownCookie || strings.EqualFold(name, "Cookie")
	}
	m.head, m.bare = m.head.Join(auth), m.bare.Join(auth)
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

func (c *flow) headerLine(at, name, value string) (placeholder.Text, error) {
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return nil, field.Wrong(at, name, "is not a header's name")
	case !httpguts.ValidHeaderFieldValue(value):
		return nil, field.Wrong(at+"."+name, value, "is not a header's value")
	case strings.EqualFold(name, "Content-Length"):
		return nil, nil // it follows from the body
	case strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Upgrade"):
		return nil, field.Wrong(at+"."+name, value, "bodies are sent whole, with their length: leave this header out")
	}
	text, err := c.text(at+"."+name, value, placeholder.Header)
	return placeholder.Fixed(name+": ").Join(text, placeholder.Fixed("\r\n")), err
}

// auth is the Authorization header that a step's auth brings.
func (c *flow) auth(at string, a *loadgen.Auth, headers map[string]string) (placeholder.Text, error) {
	if a == nil {
		return nil, nil
	}
	_, has := loadgen.HeaderOf(headers, "Authorization")
	switch {
	case has:
		return nil, field.Wrong(at+".auth", "", "give auth or the header Authorization, not both")
	case (a.Basic == "") == (a.Bearer == ""):
		return nil, field.Wrong(at+".auth", "", "must be basic (user:password) or bearer (a token)")
	case a.Bearer != "":
		return c.headerLine(at+".auth.bearer", "Authorization", "Bearer "+a.Bearer)
	}
	credentials, err := c.text(at+".auth.basic", a.Basic, placeholder.Body)
	return placeholder.Fixed("Authorization: Basic ").Join(credentials.Base64(), placeholder.Fixed("\r\n")), err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
