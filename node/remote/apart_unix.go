//go:build unix

package remote

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// apart keeps ssh out of reach of the terminal: a Ctrl-C is for this process, which still needs its connections.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// supported is nil where ssh has control sockets.
func supported() error { return nil }

// hold locks a file for this process until it is closed, or fails if another one holds it.
func hold(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// mine tells whether a file is this user's.
func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
