package report

import (
	"strings"

	"landfall/node/figures"
)

// Grouped returns why drivers were the limit, each reason once: with the driver's name, or with the number of drivers that it holds for.
func (g *Generator) Grouped() (list []string) {
	drivers := map[string][]string{}
	var reasons []string
	for _, line := range g.Reasons {
		id, reason, found := strings.Cut(line, ": ")
		if !found {
			id, reason = "", line
		}
		if drivers[reason] == nil {
			reasons = append(reasons, reason)
		}
		drivers[reason] = append(drivers[reason], id)
	}
	for _, reason := range reasons {
		switch ids := drivers[reason]; {
		case len(ids) > 1:
			if its, found := strings.CutPrefix(reason, "its "); found {
				reason = "their " + its
			}
			list = append(list, figures.Plural(int64(len(ids)), "driver")+": "+reason)
		case ids[0] == "":
			list = append(list, reason)
		default:
			list = append(list, ids[0]+": "+reason)
		}
	}
	return list
}
