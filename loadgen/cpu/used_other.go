//go:build !unix

package cpu

import "time"

// Used would be the CPU time that this process has used; here it is not known.
func Used() time.Duration { return 0 }
