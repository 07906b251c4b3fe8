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

// epoll waits with edge-triggered epoll and a timerfd of nanosecond resolution. System calls that cannot block are raw, so
// that the Go scheduler does not act on them.
type epoll struct {
	epoll, event, timer int
	events              []unix.EpollEvent
	timerAt             int64 // when the timer fires, in the loop's time
	shortWaits          bool  // the last wait was short: see await

	stamps        *stampedRead // nil: the loop never lingers
	disturbed     bool         // a fragment, a connect or a close was seen: no lingering
	batchAfter    int64        // no batching before this time
	lastWake      int64        // end of the last linger
	timerSlackSet bool         // this thread's timer slack was lowered

	mu     sync.Mutex
	closed bool
	more   []*conn // connections with data left after maxReads reads
	spent  []*conn
	inbox  []func() // posted by other goroutines
	spare  []func()
}

// inboxID marks events of the eventfd, timerID those of the timerfd.
const (
	inboxID = -1
	timerID = -2
)

func newEpoll(stamped bool) (_ *epoll, err error) {
	p := &epoll{epoll: -1, event: -1, timer: -1, timerAt: math.MinInt64, events: make([]unix.EpollEvent, 512)}
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
	if p.timerSlackSet {
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

// post queues f for the loop; false: the loop has ended.
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
		case timerID: // only ends the wait
			continue
		}
		if c := l.conns[e.Fd]; c.epoll.generation == e.Pad && c.epoll.fd >= 0 {
			p.happened(l, c, e.Events)
		}
		l.fresh = false
	}
	p.readMore(l)
}

// look polls until the given time at the latest, and returns the number of events.
func (p *epoll) look(l *loop, until int64) (n int) {
	if p.lingers(l, until) {
		return p.linger(l, until)
	}
	if !p.shortWaits || len(p.more) > 0 {
		n = p.poll()
	}
	if n == 0 && len(p.more) == 0 {
		n = p.await(l, until)
	}
	return n
}

// readMore reads the connections that had data left after maxReads reads.
func (p *epoll) readMore(l *loop) {
	if len(p.more) == 0 {
		return
	}
	p.more, p.spent = p.spent[:0], p.more
	for _, c := range p.spent {
		if c.epoll.again {
			c.epoll.again = false
			p.readable(l, c)
		}
	}
}

const (
	shortWait  = int64(250 * time.Microsecond)
	maxRawWait = int64(10 * time.Millisecond)
)

// await waits for events until the given time. After a short wait the next one is a raw epoll_pwait that keeps the P, so the scheduler does
// not start another M; it is bounded by maxRawWait. A signal, with which the runtime preempts goroutines, ends either kind of wait.
func (p *epoll) await(l *loop, until int64) (n int) {
	from := l.clock()
	if until <= from {
		return p.poll()
	}
	if p.shortWaits {
		until = min(until, from+maxRawWait)
	}
	if p.timerAt <= from || p.timerAt > until {
		p.setTimer(from, until)
	}
	if p.shortWaits {
		n = p.rawWait()
	} else {
		n = p.sleep()
	}
	p.shortWaits = l.clock()-from < shortWait
	l.fresh = true
	return n
}

// setTimer arms the timer. Arming costs more than the rest of a short wait (on a virtual machine it traps to the host), so
// a timer that fires early enough is left alone.
func (p *epoll) setTimer(now, at int64) {
	p.timerAt = at
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(at - now)}
	_, _, _ = syscall.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(p.timer), 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
}

const forever = ^uintptr(0) // -1

// poll returns at once.
func (p *epoll) poll() int { return p.raw(0) }

// rawWait waits without the runtime's knowledge.
func (p *epoll) rawWait() int { return p.raw(forever) }

func (p *epoll) raw(timeout uintptr) int {
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), timeout, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// sleep waits as the Go scheduler expects: other goroutines get the P.
func (p *epoll) sleep() int {
	n, _, err := unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), uintptr(len(p.events)), forever, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

func (p *epoll) happened(l *loop, c *conn, events uint32) {
	c.epoll.ending = c.epoll.ending || events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
	if c.state == connConnecting {
		generation := c.epoll.generation
		p.connected(l, c)
		if c.epoll.generation != generation || c.epoll.fd < 0 {
			return
		}
	}
	if events&unix.EPOLLOUT != 0 && len(c.epoll.out) > 0 && c.epoll.broken == nil {
		if err := c.epoll.flush(); err != nil {
			p.readFirst(c, err)
		}
	}
	if events&^uint32(unix.EPOLLOUT) != 0 {
		c.epoll.drained = false
		p.readable(l, c)
	}
}

// maxReads is the maximum number of reads of one connection before the others get their turn.
const maxReads = 16

// readable reads until the socket is empty, because the next edge comes with new data only; after maxReads reads it yields.
func (p *epoll) readable(l *loop, c *conn) {
	generation := c.epoll.generation
	for turn := range maxReads {
		var n int
		var err error
		if c.epoll.tls != nil {
			n, err = c.epoll.tls.Read(l.buf)
		} else {
			n, err = c.epoll.read(l.buf)
		}
		if n > 0 {
			l.received(c, l.buf[:n])
		}
		switch {
		case c.epoll.generation != generation || c.epoll.fd < 0:
			return
		case err == nil && c.epoll.drained && c.epoll.tls == nil: // TLS may hold further records
			p.disturbed = p.disturbed || c.flights[0].busy // a fragment
			return
		case err == nil:
		case err == errAgain:
			p.disturbed = p.disturbed || turn > 0 && c.flights[0].busy // a fragment
			return
		case err != nil:
			l.unread(c, err, c.epoll.unsent(err))
			return
		}
	}
	if !c.epoll.again {
		c.epoll.again = true
		p.more = append(p.more, c)
	}
}

func (p *epoll) write(c *conn, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	var n int
	var err error
	if c.epoll.tls != nil {
		n, err = c.epoll.tls.Write(b)
	} else {
		n, err = c.epoll.Write(b)
	}
	p.disturbed = p.disturbed || len(c.epoll.out) > 0
	if err != nil && n == 0 && c.h2 == nil && c.keptOpen(c.flights[0].sent) {
		return err // nothing of the request was written, so a response to it cannot arrive
	}
	if err != nil {
		p.readFirst(c, err)
	}
	return nil
}

// readFirst reads from a connection whose write failed: the target may have responded before closing it.
func (p *epoll) readFirst(c *conn, err error) {
	c.epoll.broken, c.epoll.drained = err, false
	if !c.epoll.again {
		c.epoll.again = true
		p.more = append(p.more, c)
	}
}

func (p *epoll) shut(c *conn) {
	p.disturbed = true
	w := &c.epoll
	w.generation++ // also for a connection that is still being dialed
	w.tls, w.out, w.drained, w.ending, w.again, w.broken = nil, w.out[:0], false, false, false, nil
	if w.fd >= 0 {
		unix.Close(w.fd)
		w.fd = -1
	}
}
