package policy

import (
	"net/netip"
	"strconv"

	"landfall/loadgen"
)

// Names reports whether every target of a spec is on the list, without resolving names: a name counts only if
// the list contains it, and the addresses that the spec assigns to a name must be on the list too. It returns
// the first target that is not.
func (l Limits) Names(spec loadgen.Spec) (target string, ok bool) {
	for _, raw := range targets(spec) {
		if !l.allow.names(raw, spec.Resolve) {
			return raw, false
		}
	}
	return "", true
}

func (a allowlist) names(raw string, resolve []string) bool {
	to, err := loadgen.ParseTarget("target", raw)
	if err != nil {
		return false
	}
	if to.Socket != "" {
		return a.dial(netip.AddrPort{}, to.Endpoint(), false) == nil
	}
	if addr, err := netip.ParseAddr(to.Host); err == nil {
		return a.dial(netip.AddrPortFrom(addr.Unmap(), to.Port), "", false) == nil
	}
	given, err := loadgen.Resolved(resolve, to.Host, strconv.Itoa(int(to.Port)))
	if err != nil || a.dial(netip.AddrPortFrom(netip.Addr{}, to.Port), to.Host, true) != nil {
		return false
	}
	for _, g := range given {
		if a.dial(g, "", false) != nil {
			return false
		}
	}
	return true
}
