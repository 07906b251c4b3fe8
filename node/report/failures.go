package report

import (
	"fmt"
	"slices"
)

// WhyNotOpened says which drivers could not open connections and why, a line for each reason, in the order of the drivers.
func WhyNotOpened(drivers []Driver) (lines []string) {
	var reasons []string
	who := map[string][]string{}
	for _, d := range drivers {
		for _, why := range d.Failures {
			if !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
			who[why] = append(who[why], d.NodeID)
		}
	}
	for _, why := range reasons {
		ids := who[why]
		text := ids[0]
		if more := len(ids) - 1; more > 0 {
			text = fmt.Sprintf("%s and %d more", text, more)
		}
		lines = append(lines, text+": "+why)
	}
	return lines
}
