package loadgen

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

// resolved is what one of a spec's resolve says: the addresses, several with commas between, of a host's port.
type resolved struct {
	Host, Port string
	Addrs      []netip.AddrPort
}

// ParseResolve reads "host:port:address,address", as curl has it; an IPv6 address may stand in brackets.
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

// cutHost takes the host before the first colon, or in brackets.
func cutHost(text string) (host, rest string, ok bool) {
	if inner, found := strings.CutPrefix(text, "["); found {
		host, rest, ok = strings.Cut(inner, "]:")
	} else {
		host, rest, ok = strings.Cut(text, ":")
	}
	return host, rest, ok && host != ""
}

// Resolved are the addresses that a spec's resolve gives a host's port; nil: none, the name is to be looked up.
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
