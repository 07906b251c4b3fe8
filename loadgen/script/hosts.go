package script

import (
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/template"
)

// Host is one of those that a program's requests go to.
type Host struct {
	Origin    string // as [loadgen.OriginOf] has it; of a Unix socket http://localhost
	Name      string // lower case, without a port: whose cookies they are
	Authority string // as the Host header has it
	Secure    bool
}

// hosts notes where the scenarios' requests go: the target first.
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
			return field.Wrong("hosts", origin, "must be a host such as https://login.example; placeholders stand behind it")
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

// hostOf is the place of the host that a URL names; false: it is none of the program's.
func (p *Program) hostOf(u *url.URL) (int, bool) {
	i := slices.IndexFunc(p.Hosts, func(h Host) bool {
		return h.Secure == (u.Scheme == "https") && strings.EqualFold(h.Authority, loadgen.HostHeader(u))
	})
	return max(i, 0), i >= 0
}

// Host is where a user's request goes, by place in Program.Hosts; false: a URL that was extracted leads to another host.
func (f *Filler) Host(p *Program, m *Message, s *template.Scope) (host int, ok bool) {
	if !m.path.Leads() {
		return m.host, true
	}
	f.path = m.path.Append(f.path[:0], s)
	host, _, ok = p.locate(f.path)
	return host, ok
}

// Redirect is where a reference leads (RFC 3986 section 5) from a path of a host; false: to a host that is none of the program's.
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

// locate tells which host a URL that was extracted is on, and its path there. A path is the target's.
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

// canonical is an origin without its scheme's own port and without a user.
func canonical(origin string) (string, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil {
		return "", false
	}
	return u.Scheme + "://" + loadgen.HostHeader(u), true
}
