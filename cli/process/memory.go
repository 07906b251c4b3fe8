package process

import (
	"os"
	"runtime/debug"
)

// Sparing runs a garbage collection whenever the heap has grown by the given percentage. It suits processes with a small heap that
// allocate little. GOGC overrides it.
func Sparing(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
