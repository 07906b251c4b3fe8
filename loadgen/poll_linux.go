package loadgen

import (
	"sync"
	"syscall"
	"time"
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
	brisk        bool // waits are short: see nap

	mu     sync.Mutex
	closed bool
	more   []*conn // left with more to be read, so that others had their turn
	spent  []*conn
	inbox  []func() // what other goroutines have to tell
	spare  []func()
}

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
	n := 0
	if !p.brisk || len(p.more) > 0 {
		n = p.poll()
	}
	if n == 0 && len(p.more) == 0 {
		n = p.await(l, until)
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
	p.readMore(l)
}

// readMore goes on with the connections that had more to be read than their turn allowed.
func (p *fastPoll) readMore(l *loop) {
	if len(p.more) == 0 {
		return
	}
	p.more, p.spent = p.spent[:0], p.more
	for _, c := range p.spent {
		if c.fast.again {
			c.fast.again = false
			p.readable(l, c)
		}
	}
}

// await waits until a moment at most. After a short wait the next one is a nap.
func (p *fastPoll) await(l *loop, until int64) (n int) {
	from := l.clock()
	switch d := until - from; {
	case d <= 0:
		return p.poll()
	case p.coarse:
		n, _ = unix.EpollWait(p.epoll, p.events, int(min(d/1e6, 1000)))
		return max(n, 0)
	case p.brisk:
		n = p.nap(min(d, longestNap))
	default:
		n = p.sleep(d)
	}
	p.brisk = l.clock()-from < briskly
	return n
}

// poll asks without waiting.
func (p *fastPoll) poll() int {
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), 0, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

const (
	briskly    = int64(250 * time.Microsecond)
	longestNap = int64(10 * time.Millisecond)
)

// nap waits for d nanoseconds at most, behind the runtime's back. When it knows of a wait, other threads are woken over
// it, which costs more than what most short waits are for. A signal, by which the runtime stops a goroutine, ends either
// kind. The limit is no shorter because an alarm that is the machine's next one costs too.
func (p *fastPoll) nap(d int64) int {
	ts := unix.NsecToTimespec(d)
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(&ts)), 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// sleep waits for d nanoseconds at most.
func (p *fastPoll) sleep(d int64) int {
	ts := unix.NsecToTimespec(d)
	n, _, err := unix.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), uintptr(unsafe.Pointer(&ts)), 0, 0)
	if err != 0 {
		p.coarse = err == unix.ENOSYS
		return 0
	}
	return int(n)
}

func (p *fastPoll) happened(l *loop, c *conn, events uint32) {
	c.fast.ending = c.fast.ending || events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
	if c.state == connConnecting {
		generation := c.fast.generation
		p.connected(l, c)
		if c.fast.generation != generation || c.fast.fd < 0 {
			return
		}
	}
	if events&unix.EPOLLOUT != 0 && len(c.fast.out) > 0 {
		if err := c.fast.flush(); err != nil {
			l.lose(c, classWrite)
			return
		}
	}
	if events&^uint32(unix.EPOLLOUT) != 0 {
		c.fast.drained = false
		p.readable(l, c)
	}
}

// maxReads is how often one connection is read before others have their turn.
const maxReads = 16

// readable reads all there is: the next edge only comes with something new. What is more than a turn's is read later.
func (p *fastPoll) readable(l *loop, c *conn) {
	generation := c.fast.generation
	for range maxReads {
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
		case c.fast.generation != generation || c.fast.fd < 0 || err == errAgain:
			return
		case err != nil:
			l.unread(c, err)
			return
		}
	}
	if !c.fast.again {
		c.fast.again = true
		p.more = append(p.more, c)
	}
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
	w.tls, w.out, w.drained, w.ending, w.again = nil, w.out[:0], false, false, false
	if w.fd >= 0 {
		unix.Close(w.fd)
		w.fd = -1
	}
}
