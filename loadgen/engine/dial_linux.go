package engine

import (
	"errors"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
	"landfall/loadgen"
	"landfall/loadgen/endpoint"
)

func (p *epoll) connect(l *loop, c *conn) {
	p.disturbed = true
	e := c.endpoint
	if e.TLS != nil || e.Socket != "" {
		p.establish(l, c, nil)
		return
	}
	addr, several, err := e.Next()
	if err != nil {
		l.unopened(c, classDNS, err)
		return
	}
	if several && !addr.Good() { // another address may have to be tried
		p.establish(l, c, addr)
		return
	}
	c.address = addr
	fd, err := dialNonblocking(addr.AddrPort, e.Source(addr.Addr()))
	if err == nil {
		err = p.watch(c, fd)
	}
	if err != nil {
		p.unconnected(l, c, err)
	}
}

// unconnected tries the target's other addresses, if it has any, unless this machine caused the failure.
func (p *epoll) unconnected(l *loop, c *conn, err error) {
	if !isOurs(err) {
		c.address.Fail()
		if c.endpoint.Several() {
			p.shut(c)
			p.establish(l, c, nil)
			return
		}
	}
	l.unopened(c, numberOf(endpoint.Class(err, loadgen.ErrConnect)), &net.OpError{Op: "dial", Addr: net.TCPAddrFromAddrPort(c.address.AddrPort), Err: err})
}

// dialNonblocking starts to connect a TCP socket.
func dialNonblocking(addr netip.AddrPort, from netip.Addr) (int, error) {
	family := unix.AF_INET
	if !addr.Addr().Is4() {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	if from.IsValid() {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
		err = unix.Bind(fd, sockaddr(netip.AddrPortFrom(from, 0)))
	}
	if err == nil {
		err = unix.Connect(fd, sockaddr(addr))
	}
	if err != nil && err != unix.EINPROGRESS {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
}

// watch adds a descriptor to epoll.
func (p *epoll) watch(c *conn, fd int) error {
	c.epoll.fd = fd
	if c.epoll.stamps = p.stamps; p.stamps != nil {
		stamp(fd)
	}
	c.epoll.generation++
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(c.id), Pad: c.epoll.generation})
}

func (p *epoll) connected(l *loop, c *conn) {
	code, err := unix.GetsockoptInt(c.epoll.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err != nil {
		p.unconnected(l, c, err)
		return
	}
	c.address.Connected()
	l.opened(c, 0)
}

// establish opens a connection in another goroutine, because a handshake takes time and crypto/tls cannot be
// suspended in the middle of one.
func (p *epoll) establish(l *loop, c *conn, first *endpoint.Address) {
	c.epoll.generation++
	generation, to := c.epoll.generation, c.endpoint
	go func() {
		raw, s := l.engine.establish(to, first)
		fd := -1
		if s.err == nil {
			fd, s.err = detach(raw)
			s.class = classConnect
		}
		done := p.post(func() {
			if c.epoll.generation != generation || c.state != connConnecting {
				if fd >= 0 {
					unix.Close(fd)
				}
				return
			}
			p.established(l, c, fd, s)
		})
		if !done && fd >= 0 {
			unix.Close(fd)
		}
	}()
}

func (p *epoll) established(l *loop, c *conn, fd int, s established) {
	if s.err != nil {
		l.unopened(c, s.class, s.err)
		return
	}
	if s.tls != nil {
		s.hand.to = &c.epoll
	}
	c.epoll.tls = s.tls
	if err := p.watch(c, fd); err != nil {
		l.unopened(c, classConnect, err)
		return
	}
	generation := c.epoll.generation
	l.opened(c, s.handshake)
	if c.epoll.generation == generation && c.epoll.fd >= 0 {
		p.readable(l, c) // data that arrived with the handshake, which will cause no event
	}
}

// detach removes a connection's descriptor from the runtime's poller.
func detach(raw net.Conn) (int, error) {
	defer raw.Close()
	sys, ok := raw.(syscall.Conn)
	if !ok {
		return -1, errors.New("no descriptor")
	}
	rc, err := sys.SyscallConn()
	if err != nil {
		return -1, err
	}
	fd := -1
	if e := rc.Control(func(have uintptr) {
		fd, err = unix.FcntlInt(have, unix.F_DUPFD_CLOEXEC, 0)
	}); e != nil {
		return -1, e
	}
	return fd, err
}
