//go:build unix

package process

import (
	"os"

	"golang.org/x/sys/unix"
)

// SessionOver returns a channel that is closed when the reader of out has closed it. An SSH session without a terminal sends no SIGHUP
// when it ends; it only closes its end of the pipes. For files and open terminals the channel is never closed.
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
			if err == nil && n > 0 { // cannot be polled
				return
			}
		}
	}()
	return over
}
