package specflags

import (
	"errors"
	"fmt"
	"time"

	"landfall/node/orchestrator"
)

// ParseDrivers parses --drivers and --wait.
func ParseDrivers(text string, wait time.Duration) (orchestrator.Selection, error) {
	if wait < 0 {
		return orchestrator.Selection{}, fmt.Errorf("--wait %s: must not be negative", wait)
	}
	if text == "" {
		return orchestrator.Selection{}, errors.New(`--drivers "": must be all, a number to wait for, or a list of ids and label=value`)
	}
	sel, err := orchestrator.ParseSelection(text)
	if err != nil {
		return sel, fmt.Errorf("--%w", err)
	}
	sel.Wait = wait
	return sel, nil
}
