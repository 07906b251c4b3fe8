package node

import (
	"net"
	"net/netip"
)

// Loopback reports whether an address, host:port, can only be reached from this machine. Of names only localhost counts, because others
// may resolve to anything.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
