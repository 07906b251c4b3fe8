//go:build !unix

package daemon

import (
	"context"
	"errors"
	"io"
)

var errUnsupported = errors.New("--detach and --stop: only on Unix; on Windows run the driver as a service or with `start /b`")

// Start is not supported on this system.
func Start(string, string, []string, io.Writer) error { return errUnsupported }

// Held is not supported on this system.
type Held struct{}

// Hold is not supported on this system.
func Hold(string, string) (*Held, error) { return nil, errUnsupported }

// Ready does nothing on this system.
func (h *Held) Ready() {}

// Release does nothing on this system.
func (h *Held) Release() {}

// Look is not supported on this system.
func Look(string, string) (pid int, joined, left bool, err error) {
	return 0, false, false, errUnsupported
}

func stop(context.Context, string) (bool, error) { return false, errUnsupported }
