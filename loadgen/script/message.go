package script

import (
	"strconv"
	"strings"

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
