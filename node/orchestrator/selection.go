package orchestrator

import (
	"strconv"
	"strings"

	"landfall/loadgen/field"
	"landfall/node"
)

// maxDrivers limits the drivers of a run.
const maxDrivers = 10_000

// ParseSelection parses a selection of drivers: "all" or "", a number of drivers to wait for, or a
// comma-separated list of ids and label=value. An error is a *field.Error about "drivers".
func ParseSelection(text string) (Selection, error) {
	var sel Selection
	text = strings.TrimSpace(text)
	if text == "" || text == "all" {
		return sel, nil
	}
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > maxDrivers {
			return sel, field.Wrong("drivers", n, "must be between 1 and 10,000, all, or a list of ids and label=value")
		}
		sel.Count = n
		return sel, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if label, value, ok := strings.Cut(part, "="); ok && label != "" {
			if sel.Labels == nil {
				sel.Labels = map[string]string{}
			}
			sel.Labels[label] = value
			continue
		}
		if node.CheckID("drivers", part) != nil {
			return Selection{}, field.Wrong("drivers", part, "must be all, a number to wait for, or a list of ids and label=value")
		}
		sel.IDs = append(sel.IDs, part)
	}
	return sel, nil
}
