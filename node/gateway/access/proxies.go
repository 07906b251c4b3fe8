package access

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the networks of the reverse proxies whose X-Forwarded-For is trusted. Without them all clients behind a proxy have
// one address, and a client that guesses tokens locks out all others.
type proxies []netip.Prefix

func parseProxies(texts []string) (list proxies, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, wrong := netip.ParseAddr(text)
			if wrong != nil {
				return nil, fmt.Errorf("--trusted-proxy %q: must be an address or a network such as 10.0.0.0/8", text)
			}
			a = a.Unmap()
			p = netip.PrefixFrom(a, a.BitLen())
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

func (p proxies) has(ip netip.Addr) bool {
	for _, network := range p {
		if network.Contains(ip.Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

// caller returns the address of a request's client, with a port. If a proxy forwarded it, this is the last address in
// X-Forwarded-For that is not a proxy's: clients can forge the ones before.
func (p proxies) caller(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.has(from.Addr()) {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		ip, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = netip.AddrPortFrom(ip, 0)
		if !p.has(ip) {
			break
		}
	}
	return from.String()
}
