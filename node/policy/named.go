package policy

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"landfall/loadgen"
)

// Names tells whether every target of a spec is on the list as it is written: names are not resolved, so one counts only if
// the list has that name itself, and the addresses that the spec gives a name must be on the list too. It returns the first
// target that is not.
func (l Limits) Names(spec loadgen.Spec) (target string, ok bool) {
	for _, raw := range targets(spec) {
		if !l.allow.names(raw, spec.Resolve) {
			return raw, false
		}
	}
	return "", true
}

func (a allowlist) names(raw string, resolve []string) bool {
	if path, ok := strings.CutPrefix(raw, "unix:"); ok {
		socket, _, _ := strings.Cut(path, ":")
		return a.dial(netip.AddrPort{}, "unix:"+socket, false) == nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443"}[u.Scheme]
		if port == "" {
			port = "80"
		}
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil {
		return false
	}
	host := u.Hostname()
	addr, err := netip.ParseAddr(host)
	if err == nil {
		return a.dial(netip.AddrPortFrom(addr.Unmap(), uint16(n)), "", false) == nil
	}
	given, err := loadgen.Resolved(resolve, host, port)
	if err != nil || a.dial(netip.AddrPortFrom(netip.Addr{}, uint16(n)), host, true) != nil {
		return false
	}
	for _, g := range given {
		if a.dial(g, "", false) != nil {
			return false
		}
	}
	return true
}
