package chart

import (
	"math"
	"strings"

	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/tui/style"
)

// The heat map shows the distribution of each second's latencies, which a percentile hides.

// HeatRows draws a window's distributions in w by h cells after an axis, with the highest latency on top.
func HeatRows(st *style.Sheet, columns []fleet.Heat, p50, p99 []float64, w, h int) []string {
	if w < 1 || h < 1 {
		return nil
	}
	lo, hi := heatRange(columns)
	n := hi - lo + 1
	lines := make([]string, 0, h)
	for y := range h {
		row := h - 1 - y
		at := func(us float64) bool { // whether a latency is in this row
			return Good(us) && int(math.Floor((fleet.HeatBand(us)-float64(lo))*float64(h)/float64(n)+1e-9)) == row
		}
		a, b := lo+row*n/h, lo+(row+1)*n/h
		if b == a { // a band spans several rows
			b = a + 1
		}
		lines = append(lines, axis(st, heatLabel(n, at))+heatRow(st, columns, p50, p99, a, b, w, at))
	}
	return lines
}

// heatLabel returns the round latency in a row of a map of n bands; "": there is none.
func heatLabel(n int, at func(us float64) bool) string {
	steps := []float64{1, 2, 5}
	if n > 3*fleet.HeatPerDecade {
		steps = steps[:1]
	}
	for decade := 10.; decade <= 1e7; decade *= 10 {
		for _, step := range steps {
			if at(step * decade) {
				return figures.ShortMicros(step * decade)
			}
		}
	}
	return ""
}

// heatRange returns the range of bands that have responses, widened if it is small.
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
		return fleet.HeatPerDecade, 4*fleet.HeatPerDecade - 1
	}
	const least = 10
	for hi-lo+1 < least {
		lo, hi = max(0, lo-1), min(fleet.HeatBands-1, hi+1)
	}
	return lo, hi
}

func heatRow(st *style.Sheet, columns []fleet.Heat, p50, p99 []float64, from, to, w int, at func(us float64) bool) string {
	var b strings.Builder
	var now style.Pen
	for x := range w {
		use, text, level := style.Pen{}, " ", -1
		if len(columns) > 0 {
			if level = heatLevel(columns[ColumnOf(x, w, len(columns))], from, to); level >= 0 {
				use, text = heatPen(st, level), heatSign(st, level)
			}
		}
		switch i := ColumnOf(x, w, len(p50)); {
		case at(p99[i]):
			use, text = overHeat(st, st.HeatP99, st.P99, level), st.Glyph("━", string(style.SignP99))
		case at(p50[i]):
			use, text = overHeat(st, st.HeatP50, st.P50, level), st.Glyph("─", string(style.SignP50))
		}
		if use != now {
			b.WriteString(now.Off + use.On)
			now = use
		}
		b.WriteString(text)
	}
	b.WriteString(now.Off)
	return b.String()
}

// heatLevel returns the shade for these bands' share of a column's responses; -1: none.
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
	return max(0, min(style.HeatSteps-1, int(style.HeatSteps*(1+math.Log10(in/all)/3))))
}

func heatPen(st *style.Sheet, level int) style.Pen {
	if len(st.Heat) == 0 {
		return style.Pen{}
	}
	return st.Heat[level]
}

// overHeat returns the style of a line over a shade.
func overHeat(st *style.Sheet, over []style.Pen, alone style.Pen, level int) style.Pen {
	if level < 0 || len(over) == 0 {
		return alone
	}
	return over[level]
}

// heatSign returns the character of a shade: always the same if colours distinguish shades.
func heatSign(st *style.Sheet, level int) string {
	if st.Color && !st.Ascii {
		return "█"
	}
	i := level * 4 / style.HeatSteps
	return st.Glyph([]string{"░", "▒", "▓", "█"}[i], []string{".", ":", "+", "#"}[i])
}

// HeatLegend explains the shades in w columns, in fewer words if there is little room.
func HeatLegend(st *style.Sheet, w int) string {
	legend := heatLegend(st, "share of a second's responses  ")
	if style.Width(legend) > w {
		legend = heatLegend(st, "share ")
	}
	return style.Fill(legend, w)
}

func heatLegend(st *style.Sheet, words string) string {
	legend := st.Dim.Paint(words + "0.1% ")
	for level := range style.HeatSteps {
		legend += heatPen(st, level).Paint(heatSign(st, level))
	}
	return legend + st.Dim.Paint(" 100%") + "  " + overHeat(st, st.HeatP50, st.P50, style.HeatSteps-1).Paint(st.Glyph("─", string(style.SignP50))) + st.Dim.Paint(" p50  ") + st.P99.Paint(st.Glyph("━", string(style.SignP99))) + st.Dim.Paint(" p99")
}
