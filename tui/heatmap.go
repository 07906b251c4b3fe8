package tui

// heatMap draws the heat map with p50 and p99 over it.
func (p *chartsPanel) heatMap(v *display, win window, w, h int) []string {
	st := v.st
	title := "Heat map"
	if win.only != "" {
		title += " of the fleet"
	}
	framed := v.wide() && h >= 7
	iw, ih := w-2, h
	if framed {
		iw, ih = w-4, h-2
	}
	lines := []string{fill(heatLegend(st), iw)}
	switch {
	case p.shown != nil:
		lines = append(lines, "", st.dim.paint("a report keeps no spread by second: the heat map is drawn of the newest run"))
	default:
		lines = append(lines, heatRows(st, win.heat, win.p50, win.p99, iw-gutter, ih-2)...)
		lines = append(lines, timeAxis(st, win.from, len(win.sent), iw-gutter))
	}
	if framed {
		return st.panel(title, "", lines, w, h)
	}
	return indent(block(lines, iw, ih), 1)
}
