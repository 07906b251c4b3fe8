package tui

import (
	"strings"

	"landfall/node/fleet"
)

// The heat map shows how the responses of each second were spread over latencies: what a percentile hides.

// heatWidth is how many columns of the heat map are seen.
func (m *model) heatWidth() int {
	if m.page != pageLive || m.charts.zoom != 3 && (m.charts.zoom != 0 || !m.roomy()) {
		return 0
	}
	return m.w
}

// heatColumns sums n of a run's intervals into most columns, or fewer if there are fewer.
func heatColumns(r *fleet.Run, from, n, most int) []fleet.Heat {
	if most < 1 || n < 1 {
		return nil
	}
	columns := make([]fleet.Heat, min(n, most))
	for i := range n {
		if at := from + i; at >= 0 && at < len(r.Intervals) {
			column := &columns[columnOf(i, n, len(columns))]
			for band, count := range r.Intervals[at].Heat {
				column[band] += count
			}
		}
	}
	return columns
}

// heatLevels are what share of a column's responses a shade begins with, and the shade.
var heatLevels = []struct {
	from         float64
	fancy, plain string
}{{0.4, "█", "#"}, {0.1, "▓", "+"}, {0.01, "▒", ":"}, {0, "░", "."}}

func (p *chartsPanel) heatMap(v *display, win window, w, h int) []string {
	st := v.st
	legend := st.dim.paint("of a second's responses")
	for i := len(heatLevels) - 1; i >= 0; i-- {
		l := heatLevels[i]
		words := []string{"more", "<40%", "<10%", "<1%"}[i]
		legend += "  " + st.heat[i].paint(st.glyph(l.fancy, l.plain)) + " " + st.dim.paint(words)
	}
	title := "Heat map"
	if win.only != "" {
		title += " of the fleet"
	}
	framed := v.wide() && h >= 7
	iw, ih := w-2, h
	if framed {
		iw, ih = w-4, h-2
	}
	lines := []string{fill(legend, iw)}
	switch {
	case p.shown != nil:
		lines = append(lines, "", st.dim.paint("a report keeps no spread by second: the heat map is drawn while a run goes on"))
	default:
		lines = append(lines, heatRows(st, win.heat, iw-gutter, ih-2)...)
		lines = append(lines, timeAxis(st, win.from, len(win.sent), iw-gutter))
	}
	if framed {
		return st.panel(title, "", lines, w, h)
	}
	return indent(block(lines, iw, ih), 1)
}

// heatRows draws columns in w by h cells with an axis before them, the greatest latency on top.
func heatRows(st *styles, columns []fleet.Heat, w, h int) []string {
	if w < 1 || h < 1 {
		return nil
	}
	lo, hi := heatRange(columns)
	n := hi - lo + 1
	lines := make([]string, 0, h)
	for y := range h {
		row := h - 1 - y
		a, b := lo+row*n/h, lo+(row+1)*n/h
		label := ""
		for band := a; band < b; band++ {
			if band%4 == 0 {
				label = micro(fleet.HeatEdge(band))
			}
		}
		if b == a { // a band of several rows
			b = a + 1
		}
		edge := st.glyph("│", "|")
		if label != "" {
			edge = st.glyph("┤", "+")
		}
		lines = append(lines, st.dim.paint(rightCell(label, gutter-1))+st.rule.paint(edge)+heatRow(st, columns, a, b, w))
	}
	return lines
}

// heatRange is the bands that have responses, and some around them if those are few.
func heatRange(columns []fleet.Heat) (lo, hi int) {
	lo, hi = fleet.HeatBands, -1
	for _, c := range columns {
		for band, n := range c {
			if n > 0 {
				lo, hi = min(lo, band), max(hi, band)
			}
		}
	}
	if hi < 0 {
		return 4, 15
	}
	const least = 8
	for hi-lo+1 < least {
		lo, hi = max(0, lo-1), min(fleet.HeatBands-1, hi+1)
	}
	return lo, hi
}

func heatRow(st *styles, columns []fleet.Heat, from, to, w int) string {
	var b strings.Builder
	var now pen
	for x := range w {
		use, text := pen{}, " "
		if len(columns) > 0 {
			if level := heatLevel(columns[columnOf(x, w, len(columns))], from, to); level >= 0 {
				use, text = st.heat[level], st.glyph(heatLevels[level].fancy, heatLevels[level].plain)
			}
		}
		if use != now {
			b.WriteString(now.off + use.on)
			now = use
		}
		b.WriteString(text)
	}
	b.WriteString(now.off)
	return b.String()
}

// heatLevel is the index of a shade; -1: none of the column's responses are in these bands.
func heatLevel(c fleet.Heat, from, to int) int {
	all, in := 0.0, 0.0
	for band, n := range c {
		all += float64(n)
		if band >= from && band < to {
			in += float64(n)
		}
	}
	if in == 0 {
		return -1
	}
	for i, l := range heatLevels {
		if in/all >= l.from {
			return i
		}
	}
	return -1
}
