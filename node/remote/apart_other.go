//go:build !unix

package remote

import (
	"errors"
	"os"
	"syscall"
)

func apart() *syscall.SysProcAttr { return nil }

func supported() error {
	return errors.New("landfall fleet: not on this system, whose ssh has no control sockets; WSL has")
}

func mine(os.FileInfo) bool { return false }
