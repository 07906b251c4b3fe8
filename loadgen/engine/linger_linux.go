package engine

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An answer to a request of a tsunami asks for nothing but to be counted, and the kernel notes when it came. So a loop that
// paces HTTP/1.1 does not wake up for answers: it lingers until the next request is due and reads them then, with the times
// that they have come at. To wake up costs more than everything else about a request.
//
// It does so only while answers come whole and over connections that stay: what comes in parts, connects or closes is
// something to be attended to, and has no time of its own.
const (
	longestLinger  = int64(2 * time.Millisecond)
	shortestLinger = int64(100 * time.Microsecond) // what is due sooner than that after others leaves late, by no more than that
	calmAfter      = int64(250 * time.Millisecond) // without anything to be attended to
)

// lingers tells whether the loop may sleep until a moment over whatever comes.
func (p *epoll) lingers(l *loop, until int64) bool {
	if p.stirred {
		p.stirred, p.calm = false, l.now+calmAfter
	}
	// Without a free connection an answer is what the next request waits for.
	return p.stamps != nil && l.now >= p.calm && until-l.now <= longestLinger && len(l.free) > 0 && len(p.more) == 0
}

// linger sleeps until a moment, however short that is ahead for shortestLinger at least, and then asks what has come. The
// runtime does not know of it, as in await.
func (p *epoll) linger(l *loop, until int64) int {
	if p.brisk = true; !p.exact {
		p.exact = true
		setTimerSlack(1)
	}
	if d := max(until, p.woke+shortestLinger) - l.clock(); d > 0 {
		length := unix.NsecToTimespec(d)
		_, _, _ = syscall.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, 0, uintptr(unsafe.Pointer(&length)), 0, 0, 0)
	}
	p.woke = l.clock()
	return p.poll()
}

// setTimerSlack is how much later than asked for the kernel may end this thread's sleeps, in nanoseconds; 0: as it is for
// others, 50 µs.
func setTimerSlack(ns uintptr) { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, ns, 0, 0, 0) }

// arrived is when the last that was read from a connection came, which it did after a moment.
func (p *epoll) arrived(l *loop, c *conn, after int64) int64 {
	if p.stamps == nil {
		return l.clock()
	}
	now := time.Now()
	l.now = int64(now.Sub(l.engine.start))
	if at := l.now - (now.UnixNano() - c.fast.stamp); c.fast.stamp != 0 && at >= after && at <= l.now {
		return at
	}
	p.stirred = true // no time is noted, or the wall clock was set: answers are read as they come
	return l.now
}
