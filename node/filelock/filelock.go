// Package filelock locks files between processes. A lock belongs to the open file: it ends when that is closed, so it ends with
// its process at the latest.
package filelock

import "errors"

// ErrHeld says that another process holds the lock.
var ErrHeld = errors.New("held by another process")
