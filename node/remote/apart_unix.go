//go:build unix

package remote

import (
	"os"
	"syscall"
)

// apart detaches ssh from the terminal: Ctrl-C is for this process, which still needs its connections.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// supported returns an error on systems whose ssh has no control sockets.
func supported() error { return nil }

// mine reports whether a file belongs to this user.
func mine(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
