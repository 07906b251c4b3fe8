package specflags

import (
	"fmt"
	"time"

	"landfall/node/orchestrator"
)

// ParseDrivers parses --drivers and --wait.
func ParseDrivers(text string, wait time.Duration) (orchestrator.Selection, error) {
	if wait < 0 {
		return orchestrator.Selection{}, fmt.Errorf("--wait %s: must not be negative", wait)
	}
	sel, err := orchestrator.ParseSelection(text)
	if err != nil {
		return sel, fmt.Errorf("--%w", err)
	}
	sel.Wait = wait
	return sel, nil
}
