// Package filelock locks files between processes. A lock belongs to the open file: closing the file, or the
// end of the process, releases it.
package filelock

import "errors"

// ErrHeld means that another process holds the lock.
var ErrHeld = errors.New("held by another process")
