package script

import (
	"strconv"

	"landfall/loadgen/template"
)

// Message is the request of a step, and what is done with its response.
type Message struct {
	Name, Method string
	Extracts     []Extraction
	Checks       []*ResponseCheck
	NeedsBody    bool // something looks at the response's body,
	NeedsHead    bool // or at its header

	path          template.Template // with the query
	host          int               // by place in Program.Hosts; of a URL that was extracted: the target
	head          template.Template // the header, but for Host, Authorization, Cookie and Content-Length
	bare          template.Template // the same of a request without the body
	private       template.Template // Authorization, and the step's own Cookie
	body          template.Template
	length        bool // Content-Length is sent
	ownHost       bool // the step gives its Host header itself, in head
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
	Host int  // by place in Program.Hosts
	Get  bool // as a GET without a body
}

// Append appends the request as HTTP/1.1 and returns its path too, which is valid until the next call. host is where it goes: see
// [Filler.Host].
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
	if hop.Path == "" || host == m.host || m.path.Leads() { // credentials are not for another host that a redirect leads to
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
