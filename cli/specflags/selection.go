package specflags

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/orchestrator"
)

// ParseDrivers understands --drivers: "all" (or nothing), a number to wait for, or a list of ids and label=value.
func ParseDrivers(text string, wait time.Duration) (orchestrator.Selection, error) {
	sel := orchestrator.Selection{Wait: wait}
	if wait < 0 {
		return sel, fmt.Errorf("--wait %s: must not be negative", wait)
	}
	if text == "" || text == "all" {
		return sel, nil
	}
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > 10000 {
			return sel, fmt.Errorf("--drivers %d: must be between 1 and 10000, all, or a list of ids", n)
		}
		sel.Count = n
		return sel, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		if label, value, ok := strings.Cut(part, "="); ok && label != "" {
			if sel.Labels == nil {
				sel.Labels = map[string]string{}
			}
			sel.Labels[label] = value
			continue
		}
		if err := node.CheckID("--drivers", part); err != nil {
			return sel, err
		}
		sel.IDs = append(sel.IDs, part)
	}
	return sel, nil
}
