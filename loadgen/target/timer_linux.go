package target

import (
	"context"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// precise is the longest wait for which a timer of nanosecond resolution is used. Go's timers are late by up to a millisecond,
// and by less if the process is busy, so that a median of a few milliseconds would depend on the load.
const precise = 100 * time.Millisecond

// timers holds timer files that are not in use.
var timers = sync.Pool{New: func() any {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return (*os.File)(nil) // too many open files
	}
	return os.NewFile(uintptr(fd), "timer")
}}

// pause waits. It returns false if ctx is canceled first.
func pause(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	if wait > precise {
		return rest(ctx, wait)
	}
	began := time.Now()
	timer := timers.Get().(*os.File)
	if timer == nil {
		return rest(ctx, wait)
	}
	if err := arm(timer, wait); err != nil {
		timer.Close()
		return rest(ctx, wait-time.Since(began))
	}
	stop := context.AfterFunc(ctx, func() { _ = timer.SetReadDeadline(time.Unix(1, 0)) })
	var expirations [8]byte
	_, err := timer.Read(expirations[:])
	if !stop() {
		timer.Close() // its deadline is set, or about to be
		return false
	}
	if err != nil {
		timer.Close()
		return rest(ctx, wait-time.Since(began))
	}
	timers.Put(timer)
	return true
}

// arm starts a timer that expires once.
func arm(timer *os.File, wait time.Duration) error {
	raw, err := timer.SyscallConn()
	if err != nil {
		return err
	}
	set := unix.ItimerSpec{Value: unix.NsecToTimespec(wait.Nanoseconds())}
	if e := raw.Control(func(fd uintptr) { err = unix.TimerfdSettime(int(fd), 0, &set, nil) }); e != nil {
		return e
	}
	return err
}
