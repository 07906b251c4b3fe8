package loadgen

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"landfall/loadgen/field"
)

// Target is the destination given by a URL: http, https, or unix:/path/to.sock:/request/path.
type Target struct {
	Scheme string // http or https; http for a Unix socket
	Host   string // a name or an address, without brackets; localhost for a Unix socket
	Port   uint16 // default: the scheme's; 0 for a Unix socket
	Socket string // path of a Unix socket; "": TCP
	URL    *url.URL
}

// bareAddress matches a host and port, an IP address or localhost, and perhaps a path: a URL that lacks only its scheme.
var bareAddress = field.Pattern(`^([\w.-]+:\d{1,5}|localhost|\d+\.\d+\.\d+\.\d+|\[[0-9A-Fa-f:.]+\](:\d+)?)([/?].*)?$`)

// WithScheme returns an address without a scheme, such as localhost:8080/ping, as an http URL, and any other text unchanged.
func WithScheme(text string) string {
	if bareAddress().MatchString(text) {
		return "http://" + text
	}
	return text
}

// ParseTarget parses the URL of the field at. Errors are [field.Error].
func ParseTarget(at, raw string) (Target, error) {
	const want = "must be a URL with http, https or unix:/path/to.sock:/path"
	if strings.ContainsFunc(raw, func(r rune) bool { return r == ' ' || invisible(r) }) {
		return Target{}, field.Wrong(at, raw, "must not contain spaces or control characters")
	}
	t := Target{Socket: socketOf(raw)}
	if t.Socket == "" && strings.HasPrefix(raw, "unix:") {
		return Target{}, field.Wrong(at, raw, want)
	}
	u, err := url.Parse(RequestURL(raw))
	var escape url.EscapeError
	if errors.As(err, &escape) {
		return Target{}, field.Wrong(at, raw, "%s is not a valid escape (write %%25 for a percent sign)", string(escape))
	}
	var syntax *url.Error
	if errors.As(err, &syntax) {
		return Target{}, field.Wrong(at, raw, "is not a valid URL: %v", syntax.Err)
	}
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Target{}, field.Wrong(at, raw, want)
	}
	t.Scheme, t.Host, t.URL = u.Scheme, u.Hostname(), u
	if strings.ContainsFunc(t.Host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return Target{}, field.Wrong(at, raw, "the host must be ASCII: write international names in Punycode, xn--… (RFC 3492)")
	}
	if t.Socket == "" {
		t.Port, err = portOf(u)
	}
	if err != nil {
		return Target{}, field.Wrong(at, raw, "the port must be between 1 and 65535")
	}
	return t, nil
}

// RequestURL returns the base URL of requests to a target: the target itself or, for a Unix socket, its
// request path on localhost.
func RequestURL(raw string) string {
	rest, ok := strings.CutPrefix(raw, "unix:")
	if !ok {
		return raw
	}
	_, path, _ := strings.Cut(rest, ":")
	return "http://localhost/" + strings.TrimPrefix(path, "/")
}

// socketOf returns the path of a target's Unix socket, or "".
func socketOf(raw string) string {
	rest, ok := strings.CutPrefix(raw, "unix:")
	if path, _, _ := strings.Cut(rest, ":"); ok && strings.HasPrefix(path, "/") {
		return path
	}
	return ""
}

func portOf(u *url.URL) (uint16, error) {
	switch p := u.Port(); {
	case p != "":
		n, err := strconv.ParseUint(p, 10, 16)
		if err == nil && n == 0 {
			err = strconv.ErrRange
		}
		return uint16(n), err
	case u.Scheme == "https":
		return 443, nil
	}
	return 80, nil
}

// HostHeader returns the Host header for a URL: host and port, without the default port of the scheme.
func HostHeader(u *url.URL) string {
	port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return strings.TrimSuffix(strings.TrimSuffix(u.Host, port), ":")
}

// Endpoint returns the host, or unix: and the path of the socket.
func (t Target) Endpoint() string {
	if t.Socket != "" {
		return "unix:" + t.Socket
	}
	return t.Host
}

// Address returns host:port, or "" for a Unix socket.
func (t Target) Address() string {
	if t.Socket != "" {
		return ""
	}
	return net.JoinHostPort(t.Host, strconv.Itoa(int(t.Port)))
}

// resolved is a parsed entry of resolve: the addresses of a host's port.
type resolved struct {
	Host, Port string
	Addrs      []netip.AddrPort
}

// ParseResolve parses "host:port:address,address", as in curl. IPv6 addresses may be in brackets.
func ParseResolve(text string) (r resolved, err error) {
	bad := field.Wrong("resolve", text, "must be host:port:address, such as shop.example:443:127.0.0.1")
	host, rest, ok := cutHost(text)
	port, list, found := strings.Cut(rest, ":")
	if n, err := strconv.ParseUint(port, 10, 16); !ok || !found || err != nil || n == 0 {
		return r, bad
	}
	r.Host, r.Port = host, port
	for _, one := range strings.Split(list, ",") {
		a, err := netip.ParseAddrPort(net.JoinHostPort(strings.Trim(strings.TrimSpace(one), "[]"), port))
		if err != nil {
			return r, bad
		}
		r.Addrs = append(r.Addrs, a)
	}
	return r, nil
}

// cutHost splits text after the host, which ends at a colon or is in brackets.
func cutHost(text string) (host, rest string, ok bool) {
	if inner, found := strings.CutPrefix(text, "["); found {
		host, rest, ok = strings.Cut(inner, "]:")
	} else {
		host, rest, ok = strings.Cut(text, ":")
	}
	return host, rest, ok && host != ""
}

// Resolved returns the addresses that resolve has for a host and port, or nil if the name must be looked up.
func Resolved(resolve []string, host, port string) (addrs []netip.AddrPort, err error) {
	for _, text := range resolve {
		r, err := ParseResolve(text)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(r.Host, host) && r.Port == port {
			addrs = append(addrs, r.Addrs...)
		}
	}
	return addrs, nil
}

func (s Spec) checkResolve() error {
	for _, text := range s.Resolve {
		if _, err := ParseResolve(text); err != nil {
			return err
		}
	}
	return nil
}

// maxOrigins is the maximum number of hosts of a spec with scenarios: each user may have a connection to each.
const maxOrigins = 16

// OriginOf returns scheme and authority of an absolute URL, which may hold placeholders: "https://h.example:8443" for
// "https://h.example:8443/a?b". ok is false for a relative URL.
func OriginOf(ref string) (origin string, ok bool) {
	i := strings.Index(ref, "://")
	if i <= 0 || strings.ContainsAny(ref[:i], "/?#{") {
		return "", false
	}
	if end := strings.IndexAny(ref[i+3:], "/?#"); end >= 0 {
		ref = ref[:i+3+end]
	}
	return strings.ToLower(ref), true
}

// Origins returns the origins of the scenarios other than the target: those in hosts, and those in the URLs of steps.
func (s Spec) Origins() []string {
	base, _ := OriginOf(s.Target)
	var list []string
	add := func(ref string) {
		if o, ok := OriginOf(ref); ok && o != base && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	for _, h := range s.Hosts {
		add(h)
	}
	s.eachStep(func(step *Step) {
		if _, ref, _ := step.Request(); ref != "" {
			add(ref)
		}
	})
	return list
}

func (s Spec) checkOrigins() error {
	for i, h := range s.Hosts {
		if o, ok := OriginOf(h); !ok || strings.TrimSuffix(strings.ToLower(h), "/") != o {
			return field.Wrong(fmt.Sprintf("hosts[%d]", i), h, "must be an origin, such as https://login.example")
		}
	}
	list := s.Origins()
	if len(list) >= maxOrigins {
		return field.Wrong("hosts", len(list)+1, "steps and hosts together may have at most %d hosts", maxOrigins)
	}
	for _, o := range list {
		if to, err := ParseTarget("hosts", o); err != nil {
			return field.Wrong(s.placeOf(o), o, "must be a host such as https://login.example; placeholders may follow the host")
		} else if to.Socket != "" || socketOf(s.Target) != "" {
			return field.Wrong("hosts", o, "a spec whose target is a Unix socket cannot have other hosts")
		}
	}
	return nil
}

// placeOf returns the first field of the spec that names an origin.
func (s Spec) placeOf(origin string) string {
	for i, h := range s.Hosts {
		if o, _ := OriginOf(h); o == origin {
			return fmt.Sprintf("hosts[%d]", i)
		}
	}
	for i := range s.Scenarios {
		if at := placeIn(fmt.Sprintf("scenarios[%d].steps", i), s.Scenarios[i].Steps, origin); at != "" {
			return at
		}
	}
	return cmp.Or(placeIn("setup", s.Setup, origin), placeIn("teardown", s.Teardown, origin), "hosts")
}

// placeIn returns the first URL of steps at a place of the spec that has an origin; "": none has.
func placeIn(at string, steps []Step, origin string) string {
	for i := range steps {
		s, here := &steps[i], fmt.Sprintf("%s[%d]", at, i)
		method, ref, _ := s.Request()
		if o, ok := OriginOf(ref); ok && o == origin {
			return here + "." + strings.ToLower(method)
		}
		found := cmp.Or(placeIn(here+".steps", s.Steps, origin), placeIn(here+".else", s.Else, origin), placeIn(here+".parallel", s.Parallel, origin))
		for k := range s.Choose {
			found = cmp.Or(found, placeIn(fmt.Sprintf("%s.choose[%d].steps", here, k), s.Choose[k].Steps, origin))
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// checkProxy validates the proxy of a spec.
func (s Spec) checkProxy() error {
	if s.Proxy == "" {
		return nil
	}
	to, err := ParseTarget("proxy", s.Proxy)
	switch {
	case err != nil || to.Scheme != "http" || to.Socket != "" || to.URL.Path != "" && to.URL.Path != "/":
		return field.Wrong("proxy", RedactURL(s.Proxy), "must be the URL of a forward proxy, such as http://proxy.example:3128")
	case socketOf(s.Target) != "":
		return field.Wrong("proxy", RedactURL(s.Proxy), "a Unix socket cannot be reached through a proxy")
	case s.HTTP2 && !s.onlyTLS():
		return field.Wrong("http2", true, "through a proxy, HTTP/2 needs https")
	case len(s.Resolve) > 0:
		return field.Wrong("resolve", s.Resolve[0], "a proxy resolves names itself")
	}
	return nil
}

// onlyTLS reports whether all hosts of the spec are https.
func (s Spec) onlyTLS() bool {
	return !slices.ContainsFunc(append(s.Origins(), s.Target), func(to string) bool { return !strings.HasPrefix(strings.ToLower(to), "https:") })
}

// ProxyAuthorization returns the Proxy-Authorization header for the user of a proxy's URL, or "".
func (t Target) ProxyAuthorization() string {
	if t.URL == nil || t.URL.User == nil {
		return ""
	}
	password, _ := t.URL.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(t.URL.User.Username()+":"+password))
}
