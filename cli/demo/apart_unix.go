//go:build unix

package demo

import "syscall"

// apart keeps a Ctrl-C in the terminal away from the children: the parent ends them in order.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
