//go:build unix

package sshfleet

import "syscall"

// apart keeps ssh out of reach of the terminal: a Ctrl-C is for this process, which still needs its connections.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// supported is nil where ssh has control sockets.
func supported() error { return nil }
