//go:build unix

package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Try locks a file, or returns [ErrHeld] if another open file holds its lock.
func Try(f *os.File) error { return flock(f, unix.LOCK_EX) }

// Held reports whether another open file holds the lock. It does not lock the file.
func Held(f *os.File) bool {
	if flock(f, unix.LOCK_SH) != nil {
		return true
	}
	unix.Flock(int(f.Fd()), unix.LOCK_UN)
	return false
}

func flock(f *os.File, how int) error {
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrHeld
	}
	return err
}
