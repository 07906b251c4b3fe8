//go:build unix

package process

import (
	"os"

	"golang.org/x/sys/unix"
)

// SessionOver is closed when the reader of out has gone. An SSH session without a terminal sends no SIGHUP when it ends: it
// only closes its end of the pipes. Files and terminals that stay are never over.
func SessionOver(out *os.File) <-chan struct{} {
	over := make(chan struct{})
	go func() {
		fds := []unix.PollFd{{Fd: int32(out.Fd())}}
		for {
			n, err := unix.Poll(fds, -1)
			if err == nil && n > 0 && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
				close(over)
				return
			}
			if err == nil && n > 0 { // not a thing that can be polled
				return
			}
		}
	}()
	return over
}
