//go:build unix

package demo

import "syscall"

// apart shields the children from Ctrl-C in the terminal: the parent stops them one after the other.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
