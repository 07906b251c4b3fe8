package script

import (
	"strconv"

	"landfall/loadgen/template"
)

// Message is the request of a step, with the extractions and checks of its response.
type Message struct {
	Name, Method string
	Groups       []string // enclosing groups, the outermost first
	Extracts     []Extraction
	Checks       []*ResponseCheck
	NeedsBody    bool // an extraction or check reads the response body
	NeedsHead    bool // an extraction or check reads the response header

	path          template.Template // with the query
	host          int               // index in Program.Hosts; 0 for an extracted URL
	head          template.Template // header lines, without Authorization, Cookie and Content-Length
	bare          template.Template // head without Content-Type, for a redirect that drops the body
	private       template.Template // Authorization, and Cookie if the step sets it: not sent to other hosts
	body          template.Template
	length        bool // Content-Length is sent
	ownHost       bool // the step sets Host
	ownCookie     bool // the step sets Cookie
	statusChecked bool
}

// Expected reports whether a status counts as expected. 2xx and 3xx do; if a check is about the status, every status does, since the
// check judges it.
func (m *Message) Expected(status int) bool { return m.statusChecked || status >= 200 && status < 400 }

// Filler writes requests. It must not be used by several loops at once.
type Filler struct{ path, body, cookies []byte }

// Cookies appends the value of the Cookie header for a request to a path.
type Cookies func(dst []byte, path string) []byte

// Hop is a redirect that a request follows. The zero value is no redirect.
type Hop struct {
	Path string
	Host int  // index in Program.Hosts
	Get  bool // send a GET without a body
}

// Append appends the request as HTTP/1.1. It also returns the request's path, which is valid until the next call. host is the index that
// [Filler.Host] returned.
func (f *Filler) Append(dst []byte, p *Program, m *Message, s *template.Scope, host int, cookies Cookies, hop Hop) (out, path []byte) {
	if hop.Path != "" {
		path = append(f.path[:0], hop.Path...)
	} else {
		f.path = m.path.Append(f.path[:0], s)
		_, path, _ = p.locate(f.path)
	}
	method, head, length := m.Method, m.head, m.length
	if hop.Get {
		method, head, length = "GET", m.bare, false
	}
	dst = append(append(dst, method...), ' ')
	proxied := p.proxied && !p.Hosts[host].Secure
	if proxied { // absolute form, RFC 9112 section 3.2.2
		dst = append(dst, p.Hosts[host].Origin...)
	}
	dst = append(append(dst, path...), " HTTP/1.1\r\n"...)
	if proxied {
		dst = append(dst, p.proxyLine...)
	}
	if !m.ownHost || hop.Path != "" && host != m.host {
		dst = append(append(append(dst, "Host: "...), p.Hosts[host].Authority...), "\r\n"...)
	}
	dst = head.Append(dst, s)
	if hop.Path == "" || host == m.host || m.path.StartsVarying() { // a redirect to another host does not get the credentials
		dst = m.private.Append(dst, s)
	}
	if cookies != nil && !m.ownCookie {
		if f.cookies = cookies(f.cookies[:0], string(path)); len(f.cookies) > 0 {
			dst = append(append(append(dst, "Cookie: "...), f.cookies...), "\r\n"...)
		}
	}
	if !length {
		return append(dst, "\r\n"...), path
	}
	f.body = m.body.Append(f.body[:0], s)
	dst = append(dst, "Content-Length: "...)
	dst = strconv.AppendInt(dst, int64(len(f.body)), 10)
	return append(append(dst, "\r\n\r\n"...), f.body...), path
}
