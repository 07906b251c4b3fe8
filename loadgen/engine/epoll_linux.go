package engine

import (
	"math"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const hasEpoll = true

// epoll is epoll, edge-triggered, with a timerfd among its descriptors that ends waits to the nanosecond. Its system calls
// are raw where they cannot block: the runtime need not know of them.
type epoll struct {
	epoll, event, timer int
	events              []unix.EpollEvent
	rings               int64 // when the timer does, by the loop's clock
	brisk               bool  // waits are short: see await

	stamps  *stampedRead // nil: the loop does not linger
	stirred bool         // something was to be attended to: it does not for a while,
	calm    int64        // until then
	woke    int64        // when it last did
	exact   bool         // the thread's sleeps are

	mu     sync.Mutex
	closed bool
	more   []*conn // left with more to be read, so that others had their turn
	spent  []*conn
	inbox  []func() // what other goroutines have to tell
	spare  []func()
}

// inboxID marks events of the eventfd, timerID those of the timerfd.
const (
	inboxID = -1
	timerID = -2
)

func newEpoll(stamped bool) (_ *epoll, err error) {
	p := &epoll{epoll: -1, event: -1, timer: -1, rings: math.MinInt64, events: make([]unix.EpollEvent, 512)}
	if stamped {
		p.stamps = &stampedRead{}
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	if p.event, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, err
	}
	if p.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
		return nil, err
	}
	if err = unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, p.event, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: inboxID}); err != nil {
		return nil, err
	}
	return p, unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, p.timer, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: timerID})
}

func (p *epoll) close() {
	if p.exact {
		setTimerSlack(0)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, fd := range []int{p.epoll, p.event, p.timer} {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}

func (p *epoll) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ring()
}

func (p *epoll) ring() {
	if !p.closed {
		one := [8]byte{1}
		_, _ = unix.Write(p.event, one[:])
	}
}

// post hands f to the loop; false: it has ended.
func (p *epoll) post(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.inbox = append(p.inbox, f)
	p.ring()
	return true
}

func (p *epoll) collect() {
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

func (p *epoll) wait(l *loop, until int64) {
	for i := range p.events[:p.look(l, until)] {
		e := &p.events[i]
		switch e.Fd {
		case inboxID:
			p.collect()
			continue
		case timerID: // it has done what it is for
			continue
		}
		if c := l.conns[e.Fd]; c.fast.generation == e.Pad && c.fast.fd >= 0 {
			p.happened(l, c, e.Events)
		}
	}
	p.readMore(l)
}

// look is how many events there are, at a moment at the latest.
func (p *epoll) look(l *loop, until int64) (n int) {
	if p.lingers(l, until) {
		return p.linger(l, until)
	}
	if !p.brisk || len(p.more) > 0 {
		n = p.poll()
	}
	if n == 0 && len(p.more) == 0 {
		n = p.await(l, until)
	}
	return n
}

// readMore goes on with the connections that had more to be read than their turn allowed.
func (p *epoll) readMore(l *loop) {
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

const (
	briskly    = int64(250 * time.Microsecond)
	longestNap = int64(10 * time.Millisecond)
)

// await waits until a moment at most. After a short wait the next one is a nap behind the runtime's back: when it knows of a
// wait, other threads are woken over it, which costs more than what most short waits are for. A signal, by which the
// runtime stops a goroutine, ends either kind.
func (p *epoll) await(l *loop, until int64) (n int) {
	from := l.clock()
	if until <= from {
		return p.poll()
	}
	if p.brisk {
		until = min(until, from+longestNap)
	}
	if p.rings <= from || p.rings > until {
		p.ringAt(from, until)
	}
	if p.brisk {
		n = p.nap()
	} else {
		n = p.sleep()
	}
	p.brisk = l.clock()-from < briskly
	return n
}

// ringAt sets the timer. To set it costs more than all else of a short wait (on a virtual machine, what it takes to leave
// it), so one that rings before it is needed is left as it is.
func (p *epoll) ringAt(now, at int64) {
	p.rings = at
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(at - now)}
	_, _, _ = syscall.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(p.timer), 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
}

const forever = ^uintptr(0) // -1

// poll asks without waiting.
func (p *epoll) poll() int { return p.raw(0) }

// nap waits without the runtime's knowledge.
func (p *epoll) nap() int { return p.raw(forever) }

func (p *epoll) raw(timeout uintptr) int {
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), timeout, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// sleep waits with it.
func (p *epoll) sleep() int {
	n, _, err := unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), forever, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

func (p *epoll) happened(l *loop, c *conn, events uint32) {
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
func (p *epoll) readable(l *loop, c *conn) {
	generation := c.fast.generation
	for turn := range maxReads {
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
		case c.fast.generation != generation || c.fast.fd < 0:
			return
		case err == errAgain:
			p.stirred = p.stirred || turn > 0 && c.flights[0].busy // what came was a part
			return
		case err != nil:
			l.unread(c, err, len(c.fast.out) > 0)
			return
		}
	}
	if !c.fast.again {
		c.fast.again = true
		p.more = append(p.more, c)
	}
}

func (p *epoll) write(c *conn, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	var err error
	if c.fast.tls != nil {
		_, err = c.fast.tls.Write(b)
	} else {
		_, err = c.fast.Write(b)
	}
	p.stirred = p.stirred || len(c.fast.out) > 0
	return err
}

func (p *epoll) shut(c *conn) {
	p.stirred = true
	w := &c.fast
	w.generation++ // also of one that is still being dialled
	w.tls, w.out, w.drained, w.ending, w.again = nil, w.out[:0], false, false, false
	if w.fd >= 0 {
		unix.Close(w.fd)
		w.fd = -1
	}
}
