package panel

import (
	"slices"

	"landfall/node/fleet"
	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// HeatMap draws the heat map with p50 and p99 over it.
func (p *Charts) HeatMap(v *Display, win sample.Window, w, h int) []string {
	st := v.Style
	title := "Heat map"
	if win.Only != "" {
		title += " of the fleet"
	}
	framed := v.Wide() && h >= 7
	iw, ih := w-2, h
	if framed {
		iw, ih = w-4, h-2
	}
	lines := []string{chart.HeatLegend(st, iw)}
	switch {
	case p.Shown != nil && win.Heat == nil:
		lines = append(lines, "", st.Dim.Paint("the report of this run has no spread by second"))
	case !slices.ContainsFunc(win.Heat, func(h fleet.Heat) bool { return h != fleet.Heat{} }):
		lines = append(lines, "", st.Dim.Paint("no responses"))
	default:
		lines = append(lines, chart.HeatRows(st, sample.Merged(win.Heat, iw-chart.Gutter), win.P50, win.P99, iw-chart.Gutter, ih-2)...)
		lines = append(lines, chart.TimeAxis(st, win.From, len(win.Sent), iw-chart.Gutter))
	}
	if framed {
		return st.Panel(title, p.FrozenNote(st), lines, w, h)
	}
	return style.Indent(style.Block(lines, iw, ih), 1)
}
