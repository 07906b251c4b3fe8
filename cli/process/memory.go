package process

import (
	"os"
	"runtime/debug"
)

// Sparing has garbage collected as soon as the heap has grown by a percentage, for programs that keep little and allocate
// little. GOGC overrides it.
func Sparing(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
