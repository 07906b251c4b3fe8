//go:build !unix

package cpu

import "time"

// Used returns 0: the CPU time of this process is not available on this system.
func Used() time.Duration { return 0 }
