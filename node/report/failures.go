package report

import (
	"fmt"
	"io"
	"slices"
)

// notOpened says why connections could not be opened. Where no request was answered, the verdict has said so.
func (r *Report) notOpened(w io.Writer, p pen) {
	lines := whyNotOpened(r.Drivers)
	if r.Responses == 0 || len(lines) == 0 {
		return
	}
	const most = 5
	fmt.Fprintf(w, "\n  %s\n", p.paint("connections that could not be opened, the first of each driver:", bad))
	for _, line := range lines[:min(len(lines), most)] {
		fmt.Fprintf(w, "    %s\n", clean(line, 160))
	}
}

// whyNotOpened says which drivers could not open connections and why, a line for each reason, in the order of the drivers.
func whyNotOpened(drivers []Driver) (lines []string) {
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
