package engine

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Paced HTTP/1.1 loops do not wake up for responses. They sleep until the next request is due, then read the sockets and
// take completion times from SO_TIMESTAMPNS: a wake-up is the dominant cost of a request.
//
// They wake up for every event while responses arrive in fragments, connections open or close, or no connection is free.
const (
	maxLinger  = int64(2 * time.Millisecond)
	minLinger  = int64(100 * time.Microsecond) // maximum delay of a request that is due soon after a wake-up
	batchDelay = int64(250 * time.Millisecond) // time without fragments, connects or closes before batching starts
)

// lingers reports whether the loop may sleep through events until the given instant.
func (p *epoll) lingers(l *loop, until int64) bool {
	if p.disturbed {
		p.disturbed, p.batchAfter = false, l.now+batchDelay
	}
	// Without a free connection, the next request waits for a response.
	return p.stamps != nil && l.now >= p.batchAfter && until-l.now <= maxLinger && len(l.free) > 0 && len(p.more) == 0
}

// linger sleeps until the given instant, but at least minLinger since the last wake-up, and then polls. The sleep is a raw
// system call, as in await.
func (p *epoll) linger(l *loop, until int64) int {
	if p.shortWaits = true; !p.timerSlackSet {
		p.timerSlackSet = true
		setTimerSlack(1)
	}
	if d := max(until, p.lastWake+minLinger) - l.clock(); d > 0 {
		length := unix.NsecToTimespec(d)
		_, _, _ = syscall.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, 0, uintptr(unsafe.Pointer(&length)), 0, 0, 0)
	}
	p.lastWake = l.clock()
	return p.poll()
}

// setTimerSlack sets how late the kernel may end this thread's sleeps, in nanoseconds; 0 restores the default, 50 µs.
func setTimerSlack(ns uintptr) { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, ns, 0, 0, 0) }

// arrived returns when the kernel received the bytes that were read last, but not earlier than after.
func (p *epoll) arrived(l *loop, c *conn, after int64) int64 {
	if p.stamps == nil {
		return l.clock()
	}
	now := time.Now()
	l.now = int64(now.Sub(l.engine.start))
	if at := l.now - (now.UnixNano() - c.epoll.stamp); c.epoll.stamp != 0 && at >= after && at <= l.now {
		return at
	}
	p.disturbed = true // no timestamp, or the wall clock was set: read responses as they arrive
	return l.now
}
