package engine

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// silentAddress listens on an address where SYNs are dropped, because its queue is full and nothing accepts
// connections. It returns the address with its port.
func silentAddress(t *testing.T, addr string) string {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, sockaddr(netip.MustParseAddrPort(addr))); err != nil {
		t.Skip("not available on this machine: ", err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	own := name.(*unix.SockaddrInet4)
	full := netip.AddrPortFrom(netip.AddrFrom4(own.Addr), uint16(own.Port)).String()
	for range 8 {
		c, err := net.DialTimeout("tcp", full, 50*time.Millisecond)
		if err != nil {
			return full
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Fatal("its queue is never full")
	return ""
}
