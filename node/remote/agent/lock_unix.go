//go:build unix

package agent

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"landfall/node/filelock"
)

// lock waits for a file's lock until ctx ends.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for filelock.Try(f) != nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			f.Close()
			return nil, context.Cause(ctx)
		}
	}
	return func() { f.Close() }, nil
}

// reap waits for exited children, so that they do not stay zombies.
func reap() {
	for {
		var status unix.WaitStatus
		if pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil); pid <= 0 || err != nil {
			return
		}
	}
}

func kill(pid int) error { return unix.Kill(pid, unix.SIGKILL) }

// ignoreSignals ignores signals of a lost session, whose end is detected by reading.
func ignoreSignals() { signal.Ignore(syscall.SIGPIPE, syscall.SIGHUP) }
