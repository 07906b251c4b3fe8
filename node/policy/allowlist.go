package policy

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
)

// allowlist holds the hosts and networks that may be loaded.
type allowlist struct {
	texts   []string
	entries []allowed
	literal bool // names are not resolved: only the driver can do that
}

// allowed is one entry. A network allows its addresses, no matter how they were found. A name allows only the addresses that the driver's
// own resolver returns for it, since a spec can assign any address to any name.
type allowed struct {
	prefix netip.Prefix
	name   string
	socket string // path of a Unix socket
	port   uint16 // 0: any
}

// loopback is the default allowlist.
var loopback = []string{"127.0.0.0/8", "::1/128"}

func parseAllowlist(texts []string) (allowlist, error) {
	if len(texts) == 0 {
		texts = loopback
	}
	a := allowlist{texts: texts}
	for _, t := range texts {
		e, err := parseAllowed(t)
		if err != nil {
			return a, err
		}
		a.entries = append(a.entries, e)
		if e.name == "localhost" { // RFC 6761: it always means loopback
			for _, network := range loopback {
				a.entries = append(a.entries, allowed{prefix: netip.MustParsePrefix(network), port: e.port})
			}
		}
	}
	return a, nil
}

func parseAllowed(text string) (e allowed, err error) {
	wrong := fmt.Errorf("allow-target %q: must be a host, an address, a network such as 10.0.0.0/8, each with an optional :port, or unix:/path", text)
	if path, ok := strings.CutPrefix(text, "unix:"); ok {
		if !strings.HasPrefix(path, "/") {
			return e, wrong
		}
		return allowed{socket: path}, nil
	}
	host := text
	if h, p, err := net.SplitHostPort(text); err == nil {
		n, err := net.LookupPort("tcp", p)
		if err != nil || n == 0 {
			return e, wrong
		}
		host, e.port = h, uint16(n)
	}
	host = strings.Trim(host, "[]")
	if p, err := netip.ParsePrefix(host); err == nil {
		e.prefix, err = unmapped(p)
		if err != nil {
			return e, fmt.Errorf("allow-target %q: %w", text, err)
		}
		return e, nil
	}
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap()
		e.prefix = netip.PrefixFrom(a, a.BitLen())
		return e, nil
	}
	if host == "" || strings.ContainsAny(host, "/: @") {
		return e, wrong
	}
	e.name = strings.ToLower(host)
	return e, nil
}

// unmapped converts a network written as IPv4-mapped IPv6 (::ffff:10.0.0.0/104) to IPv4.
func unmapped(p netip.Prefix) (netip.Prefix, error) {
	if !p.Addr().Is4In6() {
		return p.Masked(), nil
	}
	if p.Bits() < 96 {
		return p, fmt.Errorf("a network of IPv4-mapped addresses must have a prefix of 96 to 128 bits")
	}
	return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked(), nil
}

// dial checks an address before it is dialed; host is the name it was resolved from, or a Unix socket.
func (a allowlist) dial(addr netip.AddrPort, host string, resolved bool) error {
	ip := addr.Addr().Unmap().WithZone("") // a zone identifies the interface, not the host
	internal := false
	for _, e := range a.entries {
		switch {
		case e.port != 0 && e.port != addr.Port():
		case e.socket != "" && host == "unix:"+e.socket, e.prefix.IsValid() && e.prefix.Contains(ip):
			return nil
		case e.name != "" && resolved && strings.EqualFold(e.name, host):
			if !ofThisMachine(ip) {
				return nil
			}
			internal = true
		}
	}
	return a.refusal(addr, host, resolved, internal)
}

// ofThisMachine reports whether an address is loopback, link-local (where clouds serve credentials) or unspecified. The owner of
// a name's DNS could direct load there, so allowing a name does not allow such addresses.
func ofThisMachine(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}

func (a allowlist) refusal(addr netip.AddrPort, host string, resolved, internal bool) error {
	shown := host
	switch ip := addr.Addr(); {
	case addr.IsValid() && host != ip.String():
		shown = fmt.Sprintf("%s (%s)", host, addr)
	case addr.IsValid():
		shown = addr.String()
	}
	hint := ""
	switch _, err := netip.ParseAddr(host); {
	case internal:
		hint = fmt.Sprintf("; a name does not allow loopback, link-local or unspecified addresses: add --allow-target %s", addr.Addr().Unmap())
	case addr.IsValid() && !resolved && err != nil:
		hint = "; an address from resolve must match an address or network of this list"
	}
	return fmt.Errorf("target %s is not allowed here: this driver allows %s (--allow-target)%s", shown, strings.Join(a.texts, ", "), hint)
}

// checkSpec rejects a spec if one of its targets, or an address that they resolve to, is not allowed.
func (a allowlist) checkSpec(ctx context.Context, spec loadgen.Spec) error {
	for _, raw := range targets(spec) {
		if err := a.checkURL(ctx, raw, spec.Resolve, spec.Proxy != "" && raw != spec.Proxy); err != nil {
			return err
		}
	}
	return nil
}

func targets(spec loadgen.Spec) []string {
	list := []string{spec.Target}
	for _, r := range spec.Requests {
		if namesHost(r.URL) {
			list = append(list, r.URL)
		}
	}
	if len(spec.Scenarios) > 0 {
		list = append(list, spec.Origins()...)
	}
	if spec.Proxy != "" {
		list = append(list, spec.Proxy)
	}
	return list
}

// namesHost reports whether a request's URL names a host or socket of its own. A URL inside its query does
// not count.
func namesHost(url string) bool {
	scheme, _, ok := strings.Cut(url, "://")
	return ok && !strings.ContainsAny(scheme, "/?#") || strings.HasPrefix(url, "//") || strings.HasPrefix(url, "unix:")
}

// checkURL rejects a target that is not allowed. One that a proxy reaches is allowed by its name; where only networks are allowed, this
// driver resolves the name too.
func (a allowlist) checkURL(ctx context.Context, raw string, resolve []string, proxied bool) error {
	to, err := loadgen.ParseTarget("target", raw)
	if err != nil {
		return fmt.Errorf("target %q: not a URL", loadgen.RedactURL(raw))
	}
	if to.Socket != "" {
		return a.dial(netip.AddrPort{}, to.Endpoint(), false)
	}
	given, err := fixed(to, resolve)
	if err != nil {
		return err
	}
	if proxied && given == nil && a.dial(netip.AddrPortFrom(netip.Addr{}, to.Port), to.Host, true) == nil {
		return nil
	}
	if given == nil && a.literal {
		return nil
	}
	addrs := given
	if given == nil {
		if addrs, err = lookup(ctx, to.Host); err != nil {
			return err
		}
	}
	for _, addr := range addrs {
		if err := a.dial(netip.AddrPortFrom(addr.Unmap(), to.Port), to.Host, given == nil); err != nil {
			return err
		}
	}
	return nil
}

// fixed returns the addresses that the spec itself assigns to a host: the host if it is an address, or those in resolve; nil: the name
// must be looked up.
func fixed(to loadgen.Target, resolve []string) (addrs []netip.Addr, err error) {
	if addr, err := netip.ParseAddr(to.Host); err == nil {
		return []netip.Addr{addr}, nil
	}
	given, err := loadgen.Resolved(resolve, to.Host, strconv.Itoa(int(to.Port)))
	for _, g := range given {
		addrs = append(addrs, g.Addr())
	}
	return addrs, err
}

func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("target %s: cannot resolve its name: %w", host, err)
	}
	return addrs, nil
}
