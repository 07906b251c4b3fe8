//go:build !unix

package engine

import "time"

// processCPU would be the CPU time that this process has used; here it is not known.
func processCPU() time.Duration { return 0 }
