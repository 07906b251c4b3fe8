package loadgen

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const hasFastPoll = true

// fastPoll is epoll, edge-triggered, which waits with nanoseconds (epoll_pwait2, Linux 5.11; whole milliseconds and then
// spinning before that). Its system calls are raw where they cannot block: the runtime need not know of them.
type fastPoll struct {
	epoll, event int
	events       []unix.EpollEvent
	coarse       bool // there is no epoll_pwait2

	mu     sync.Mutex
	closed bool
	inbox  []func() // what other goroutines have to tell
	spare  []func()
}

// fastWire is a connection's descriptor.
type fastWire struct {
	fd         int
	generation int32  // of fd: events of an earlier one are stale
	out        []byte // not written yet
	tls        *tls.Conn
	drained    bool // the last read had everything
	ending     bool // the peer has closed: what it sent before is read to the end
}

func (w *fastWire) reset() { w.fd = -1 }

// inboxID marks events of the eventfd.
const inboxID = -1

func newFastPoll() (*fastPoll, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	ev, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err == nil {
		err = unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, ev, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: inboxID})
	}
	if err != nil {
		unix.Close(ep)
		return nil, err
	}
	return &fastPoll{epoll: ep, event: ev, events: make([]unix.EpollEvent, 512)}, nil
}

// enter makes the thread's waits end when they should: by default the kernel may add 50 µs.
func (p *fastPoll) enter() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) }

func (p *fastPoll) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	unix.Close(p.epoll)
	unix.Close(p.event)
}

func (p *fastPoll) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ring()
}

func (p *fastPoll) ring() {
	if !p.closed {
		one := [8]byte{1}
		_, _ = unix.Write(p.event, one[:])
	}
}

// post hands f to the loop; false: it has ended.
func (p *fastPoll) post(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.inbox = append(p.inbox, f)
	p.ring()
	return true
}

func (p *fastPoll) collect() {
	var count [8]byte
	_, _ = unix.Read(p.event, count[:])
	p.mu.Lock()
	list := p.inbox
	p.inbox = p.spare[:0]
	p.mu.Unlock()
	for i, f := range list {
		f()
		list[i] = nil
	}
	p.spare = list
}

func (p *fastPoll) wait(l *loop, until int64) {
	n := p.poll()
	if n == 0 {
		if d := until - l.clock(); d > 0 {
			n = p.sleep(d)
		}
	}
	for i := range n {
		e := &p.events[i]
		if e.Fd == inboxID {
			p.collect()
			continue
		}
		if c := l.conns[e.Fd]; c.fast.generation == e.Pad && c.fast.fd >= 0 {
			p.happened(l, c, e.Events)
		}
	}
}

// poll asks without waiting.
func (p *fastPoll) poll() int {
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), 0, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// sleep waits for d nanoseconds at most.
func (p *fastPoll) sleep(d int64) int {
	if !p.coarse {
		ts := unix.NsecToTimespec(d)
		n, _, err := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(&ts)), 0, 0)
		if err == 0 {
			return int(n)
		}
		p.coarse = err == unix.ENOSYS
		return 0
	}
	n, _ := unix.EpollWait(p.epoll, p.events, int(min(d/1e6, 1000)))
	return max(n, 0)
}

func (p *fastPoll) happened(l *loop, c *conn, events uint32) {
	if c.state == connConnecting {
		p.connected(l, c)
		return
	}
	if events&unix.EPOLLOUT != 0 && len(c.fast.out) > 0 {
		if err := c.fast.flush(); err != nil {
			l.lose(c, classWrite)
			return
		}
	}
	if events&^uint32(unix.EPOLLOUT) != 0 {
		c.fast.drained = false
		c.fast.ending = c.fast.ending || events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
		p.readable(l, c)
	}
}

// readable reads all there is: the next edge only comes with something new.
func (p *fastPoll) readable(l *loop, c *conn) {
	generation := c.fast.generation
	for c.fast.generation == generation && c.fast.fd >= 0 {
		var n int
		var err error
		if c.fast.tls != nil {
			n, err = c.fast.tls.Read(l.buf)
		} else {
			n, err = c.fast.read(l.buf)
		}
		if n > 0 {
			l.received(c, l.buf[:n])
		}
		switch {
		case errors.Is(err, errAgain):
			return
		case err != nil:
			if c.fast.generation == generation && c.fast.fd >= 0 {
				l.hungUp(c)
			}
			return
		}
	}
}

// again says that there is nothing to read now. crypto/tls passes it on without taking harm, because it is temporary.
type again struct{}

func (again) Error() string   { return "nothing to read now" }
func (again) Timeout() bool   { return true }
func (again) Temporary() bool { return true }

var errAgain net.Error = again{}

func (w *fastWire) read(b []byte) (int, error) {
	if w.drained {
		return 0, errAgain
	}
	n, _, err := syscall.RawSyscall(unix.SYS_READ, uintptr(w.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	switch {
	case err == unix.EAGAIN:
		w.drained = true
		return 0, errAgain
	case err == unix.EINTR:
		return w.read(b)
	case err != 0:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	w.drained = int(n) < len(b) && !w.ending
	return int(n), nil
}

// Read and Write are what crypto/tls uses once the handshake is done.
func (w *fastWire) Read(b []byte) (int, error) { return w.read(b) }

// Write never waits: what does not fit is kept for flush.
func (w *fastWire) Write(b []byte) (int, error) {
	if len(w.out) > 0 {
		w.out = append(w.out, b...)
		return len(b), nil
	}
	n, err := w.put(b)
	if err != nil {
		return 0, err
	}
	if n < len(b) {
		w.out = append(w.out, b[n:]...)
	}
	return len(b), nil
}

func (w *fastWire) put(b []byte) (int, error) {
	n, _, err := syscall.RawSyscall(unix.SYS_WRITE, uintptr(w.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	switch err {
	case 0:
		return int(n), nil
	case unix.EAGAIN:
		return 0, nil
	case unix.EINTR:
		return w.put(b)
	}
	return 0, err
}

func (w *fastWire) flush() error {
	n, err := w.put(w.out)
	if err != nil {
		return err
	}
	w.out = w.out[:copy(w.out, w.out[n:])]
	return nil
}

func (p *fastPoll) write(c *conn, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	var err error
	if c.fast.tls != nil {
		_, err = c.fast.tls.Write(b)
	} else {
		_, err = c.fast.Write(b)
	}
	return err
}

func (p *fastPoll) shut(c *conn) {
	w := &c.fast
	w.generation++ // also of one that is still being dialled
	w.tls, w.out, w.drained, w.ending = nil, w.out[:0], false, false
	if w.fd >= 0 {
		unix.Close(w.fd)
		w.fd = -1
	}
}

func (p *fastPoll) connect(l *loop, c *conn) {
	e := l.engine.endpoint
	if e.tls != nil || e.socket != "" {
		p.establish(l, c)
		return
	}
	addr, err := e.next()
	if err != nil {
		l.unopened(c, classDNS, err)
		return
	}
	fd, err := dialNonblocking(addr, e.source())
	if err == nil {
		err = p.watch(c, fd)
	}
	if err != nil {
		l.unopened(c, classConnect, err)
	}
}

// dialNonblocking begins to connect a TCP socket.
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

// watch has epoll tell of a descriptor from now on.
func (p *fastPoll) watch(c *conn, fd int) error {
	c.fast.fd = fd
	c.fast.generation++
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(c.id), Pad: c.fast.generation})
}

func (p *fastPoll) connected(l *loop, c *conn) {
	code, err := unix.GetsockoptInt(c.fast.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err != nil {
		l.unopened(c, failedClass(err, classConnect), err)
		return
	}
	l.opened(c, 0)
}

// establish opens a connection aside, because a handshake takes its time and crypto/tls cannot be interrupted in one.
func (p *fastPoll) establish(l *loop, c *conn) {
	c.fast.generation++
	generation := c.fast.generation
	go func() {
		raw, s := l.engine.establish()
		fd := -1
		if s.err == nil {
			fd, s.err = detach(raw)
			s.class = classConnect
		}
		done := p.post(func() {
			if c.fast.generation != generation || c.state != connConnecting {
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

func (p *fastPoll) established(l *loop, c *conn, fd int, s established) {
	if s.err != nil {
		l.unopened(c, s.class, s.err)
		return
	}
	if s.tls != nil {
		s.hand.to = &c.fast
	}
	c.fast.tls = s.tls
	if err := p.watch(c, fd); err != nil {
		l.unopened(c, classConnect, err)
		return
	}
	l.opened(c, s.handshake)
}

// detach takes a connection's descriptor out of the runtime's poller.
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
