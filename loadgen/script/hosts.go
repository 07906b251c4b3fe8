package script

import (
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// Host is a host that a program sends requests to.
type Host struct {
	Origin    string // as returned by [loadgen.OriginOf]; http://localhost for a Unix socket
	Name      string // lower case, without a port: the domain of its cookies
	Authority string // the value of the Host header
	Secure    bool
}

// hosts collects the hosts of the scenarios' requests, the target first.
func (c *flow) hosts() error {
	u, err := c.base()
	if err != nil {
		return err
	}
	c.program.Hosts = []Host{newHost(u)}
	if c.spec.Proxy != "" {
		proxy, err := loadgen.ParseTarget("proxy", c.spec.Proxy)
		if err != nil {
			return err
		}
		c.program.proxied = true
		if value := proxy.ProxyAuthorization(); value != "" {
			c.program.proxyLine = "Proxy-Authorization: " + value + "\r\n"
		}
	}
	for _, origin := range c.spec.Origins() {
		u, err := url.Parse(origin)
		if err != nil {
			return field.Wrong("hosts", origin, "must be a host such as https://login.example; placeholders may follow the host")
		}
		if h := newHost(u); !slices.Contains(c.program.Hosts, h) {
			c.program.Hosts = append(c.program.Hosts, h)
		}
	}
	return nil
}

func newHost(u *url.URL) Host {
	h := Host{Name: strings.ToLower(u.Hostname()), Authority: loadgen.HostHeader(u), Secure: u.Scheme == "https"}
	h.Origin = u.Scheme + "://" + strings.ToLower(h.Authority)
	return h
}

// hostOf returns the index of a URL's host in p.Hosts; false: it is not one of them.
func (p *Program) hostOf(u *url.URL) (int, bool) {
	i := slices.IndexFunc(p.Hosts, func(h Host) bool {
		return h.Secure == (u.Scheme == "https") && strings.EqualFold(h.Authority, loadgen.HostHeader(u))
	})
	return max(i, 0), i >= 0
}

// Host returns the index in [Program.Hosts] of the host that a request is sent to; false: the request has an extracted URL on another
// host.
func (f *Filler) Host(p *Program, m *Message, s *template.Scope) (host int, ok bool) {
	if !m.path.StartsVarying() {
		return m.host, true
	}
	f.path = m.path.Append(f.path[:0], s)
	host, _, ok = p.locate(f.path)
	return host, ok
}

// Redirect resolves a Location (RFC 3986 section 5) against a path on a host; false: it is not a URL on one of the program's hosts.
func (p *Program) Redirect(host int, from, to string) (target Hop, ok bool) {
	base, err := url.Parse(p.Hosts[host].Origin + from)
	if err != nil {
		return Hop{}, false
	}
	u, err := base.Parse(to)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return Hop{}, false
	}
	target.Host, ok = p.hostOf(u)
	target.Path = u.RequestURI()
	return target, ok
}

// locate returns the host of an extracted URL and the path on it. A text without a host is a path on the target.
func (p *Program) locate(text []byte) (host int, path []byte, ok bool) {
	if len(text) > 0 && text[0] == '/' && (len(text) == 1 || text[1] != '/') {
		return 0, text, true
	}
	ref := string(text)
	if strings.HasPrefix(ref, "//") {
		ref = strings.SplitAfter(p.Hosts[0].Origin, ":")[0] + ref
	}
	origin, absolute := loadgen.OriginOf(ref)
	if !absolute {
		return 0, append([]byte("/"), text...), !strings.Contains(ref, "://")
	}
	if origin, absolute = canonical(origin); !absolute {
		return 0, text, false
	}
	i := slices.IndexFunc(p.Hosts, func(h Host) bool { return h.Origin == origin })
	if i < 0 {
		return 0, text, false
	}
	rest := ref[strings.Index(ref, "://")+3:]
	if at := strings.IndexAny(rest, "/?#"); at < 0 {
		rest = ""
	} else {
		rest = rest[at:]
	}
	rest, _, _ = strings.Cut(rest, "#")
	if rest == "" || rest[0] == '?' {
		rest = "/" + rest
	}
	return i, []byte(rest), true
}

// canonical returns an origin without the default port of its scheme; false: the URL is not valid or holds a user.
func canonical(origin string) (string, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	return u.Scheme + "://" + loadgen.HostHeader(u), true
}
