//go:build !unix

package process

import "os"

// SessionOver returns a channel that is never closed on this system.
func SessionOver(*os.File) <-chan struct{} { return nil }
