package tui

import (
	"fmt"
	"landfall/node"
	"landfall/node/figures"
	"strings"
)

// facts are what is known of a driver, name and value, in one or two columns.
func (v *display) facts(r driverRow, w int) []string {
	state, p := v.stateCell(r)
	limits := []string{}
	if r.maxRate > 0 {
		limits = append(limits, perSecond(r.maxRate))
	}
	if r.maxConnections > 0 {
		limits = append(limits, figures.Plural(int64(r.maxConnections), "connection"))
	}
	if r.maxDuration > 0 {
		limits = append(limits, lasting(r.maxDuration))
	}
	if len(limits) == 0 {
		limits = []string{"none"}
	}
	offset := "not known yet"
	if r.withinUS >= 0 {
		offset = fmt.Sprintf("%+.1fms ± %.1fms", float64(r.offsetUS)/1e3, float64(r.withinUS)/1e3)
	}
	pairs := [][2]string{
		{"state", p.paint(state) + v.st.dim.paint("  heard "+age(r.age)+" ago")}, {"host", node.Clean(r.host, 80) + v.st.dim.paint(fmt.Sprintf("  %s, %.3g cores", node.Clean(r.os, 20), r.cores))},
		{"version", node.Clean(r.version, 40)}, {"labels", node.Clean(r.labels, 200)},
		{"may load", node.Clean(strings.Join(r.allow, ", "), 200)}, {"limits", strings.Join(limits, ", ")},
		{"clock", offset}, {"CPU, memory", fmt.Sprintf("%.0f%% of a core, %.0f MB", 100*r.cpu, float64(r.rss)/1e6)},
		{"rate, p99", dash(r.rate, perSecond) + ", " + dash(r.p99, micro)}, {"requests", figures.Count(r.requests) + ", " + figures.Count(r.failed) + " failed"},
	}
	if r.outbox > 0 {
		pairs = append(pairs, [2]string{"to be sent", figures.Plural(int64(r.outbox), "snapshot")})
	}
	if r.note != "" {
		pairs = append(pairs, [2]string{"says", node.Clean(r.note, 240)})
	}
	cell := func(p [2]string) string { return v.st.dim.paint(fill(p[0], 12)) + " " + p[1] }
	var lines []string
	if w < 100 {
		for _, p := range pairs {
			lines = append(lines, cell(p))
		}
		return lines
	}
	for i := 0; i < len(pairs); i += 2 {
		line := fill(cell(pairs[i]), w/2)
		if i+1 < len(pairs) {
			line += cell(pairs[i+1])
		}
		lines = append(lines, line)
	}
	return lines
}

// eventsOf are the run's events that are about one driver.
func (v *display) eventsOf(id string, w int) (lines []string) {
	if v.s.run == nil {
		return nil
	}
	for _, e := range v.s.run.events {
		if e.NodeID == id {
			lines = append(lines, v.eventLine(e, v.s.run.id, w))
		}
	}
	return lines
}
