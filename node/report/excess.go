package report

import (
	"fmt"
	"maps"
	"slices"

	"landfall/node/fleet"
)

// unreported explains why a finished run has no stored report, so that its figures come from its drivers' snapshots.
func unreported(run *fleet.Run) []string {
	why := run.Unreported()
	if why == "" {
		return []string{}
	}
	return []string{"no report was stored: " + why + "; these figures are computed from the drivers' snapshots"}
}

// excesses describes by how much disconnected drivers exceeded the run's rate.
func excesses(run *fleet.Run) (lines []string) {
	for _, id := range slices.Sorted(maps.Keys(run.Drivers)) {
		if x, ok := run.Excess(run.Drivers[id]); ok {
			lines = append(lines, fmt.Sprintf("the requested rate was exceeded: %s was disconnected and continued while others had its share, %s", id, x))
		}
	}
	return lines
}
