//go:build !unix

package remote

import (
	"errors"
	"os"
	"syscall"
)

func apart() *syscall.SysProcAttr { return nil }

func supported() error {
	return errors.New("landfall fleet: not supported on this system, whose ssh has no control sockets; use WSL")
}

func mine(os.FileInfo) bool { return false }
