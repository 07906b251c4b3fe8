//go:build unix

package remote

import (
	"os"
	"syscall"
)

// apart keeps ssh out of reach of the terminal: a Ctrl-C is for this process, which still needs its connections.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// supported is nil where ssh has control sockets.
func supported() error { return nil }

// mine tells whether a file is this user's.
func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
