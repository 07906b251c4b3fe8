package engine

import (
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSockaddr(t *testing.T) {
	four, is := sockaddr(netip.MustParseAddrPort("127.0.0.2:80")).(*unix.SockaddrInet4)
	if !is || four.Port != 80 || four.Addr != [4]byte{127, 0, 0, 2} {
		t.Errorf("%+v", four)
	}
	six, is := sockaddr(netip.MustParseAddrPort("[::1]:443")).(*unix.SockaddrInet6)
	if !is || six.Port != 443 || six.Addr != [16]byte{15: 1} {
		t.Errorf("%+v", six)
	}
}

// A connection is opened without blocking, from the source address.
func TestDialNonblocking(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	addr := netip.MustParseAddrPort(ln.Addr().String())
	for _, from := range []string{"", "127.0.0.3"} {
		var source netip.Addr
		if from != "" {
			source = netip.MustParseAddr(from)
		}
		fd, err := dialNonblocking(addr, source)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if host, _, _ := net.SplitHostPort(c.RemoteAddr().String()); from != "" && host != from {
			t.Errorf("from %s, want %s", host, from)
		}
		c.Close()
		unix.Close(fd)
	}
	if fd, err := dialNonblocking(addr, netip.MustParseAddr("192.0.2.1")); err == nil {
		unix.Close(fd)
		t.Error("an address of another machine was used")
	}
}
