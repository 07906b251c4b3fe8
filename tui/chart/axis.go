package chart

import (
	"math"
	"strings"

	"landfall/node/figures"
	"landfall/tui/style"
)

// ticks returns the labels of the Y axis by row.
func (p *plot) ticks() map[int]string {
	ticks := map[int]string{}
	if p.empty {
		return ticks
	}
	row := func(share float64) int { return int(math.Round((1 - share) * float64(p.h-1))) }
	if !p.Log {
		steps := 2.0
		if p.h < 5 {
			steps = 1
		} else if p.h >= 13 {
			steps = evenSteps(p.hi)
		}
		for i := range int(steps) + 1 {
			share := float64(i) / steps
			v := p.lo + (p.hi-p.lo)*share
			ticks[row(share)] = p.Unit(v)
			if v == 0 {
				ticks[row(share)] = "0"
			}
		}
		return ticks
	}
	perDecade := float64(p.h) / (p.hi - p.lo)
	for e := math.Floor(p.lo); e <= p.hi; e++ {
		for _, k := range []float64{1, 2, 5} {
			v := math.Pow(10, e) * k
			if l := math.Log10(v); l >= p.lo-1e-9 && l <= p.hi+1e-9 && (k == 1 || perDecade >= 7) {
				ticks[row(p.at(v))] = p.Unit(v)
			}
		}
	}
	return ticks
}

// evenSteps returns the number of parts into which a round number divides best.
func evenSteps(v float64) float64 {
	switch lead := v / math.Pow(10, math.Floor(math.Log10(v))); math.Round(lead * 10) {
	case 15, 60:
		return 3
	case 25, 50:
		return 5
	}
	return 4
}

// axis returns the part of a row before the plot.
func axis(st *style.Sheet, label string) string {
	edge := st.Glyph("│", "|")
	if label != "" {
		edge = st.Glyph("┤", "+")
	}
	return st.Dim.Paint(style.RightCell(label, Gutter-1)) + st.Rule.Paint(edge)
}

// timeSteps are the possible intervals between labels of the time axis, in seconds; the shortest that fits is
// used.
var timeSteps = []int{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400}

// TimeAxis returns the line below a plot of n seconds from one on, w columns wide.
func TimeAxis(st *style.Sheet, from, n, w int) string {
	hz := st.Glyph("─", "-")
	cells := make([]string, w)
	for i := range cells {
		cells[i] = hz
	}
	lead := style.Spaces(Gutter-1) + st.Rule.Paint(st.Glyph("└", "+"))
	end := figures.ShortSecond(from + n)
	put := func(at int, text string) {
		for i, r := range text {
			cells[at+i] = string(r)
		}
	}
	room := len(end) + 3
	if n < 1 || w < 2*room {
		return lead + st.Rule.Paint(strings.Join(cells, ""))
	}
	put(w-len(end), end)
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if s*(w-1)/n >= room+2 {
			step = s
			break
		}
	}
	for t := (from + step - 1) / step * step; t < from+n; t += step {
		x := (t - from) * (w - 1) / n
		if text := figures.ShortSecond(t); x+len(text) < w-len(end) {
			put(x, text)
		}
	}
	return lead + st.Dim.Paint(strings.Join(cells, ""))
}
