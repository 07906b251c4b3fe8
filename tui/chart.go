package tui

import (
	"math"
)

// shape is how a series is drawn.
type shape int

const (
	solid  shape = iota
	dashed       // a line with gaps
	dotted
	area // filled down to its floor, or to the axis
)

// series is one line or area of a chart. NaN is a gap, and is drawn as one.
type series struct {
	name   string // "": not in the legend
	pen    pen
	values []float64
	shape  shape
	plain  shape     // its shape without colours, where shapes alone tell lines apart
	ramp   []pen     // of an area: its colours from the axis up; none: its pen
	floor  []float64 // of an area; nil: the axis
	dense  bool      // of an area without colours: all dots
	behind bool      // what others are compared with: last in the legend
	exact  bool      // it is known, however few drivers have reported
}

// mark is something that happened during a value.
type mark struct {
	at    int // number of the value
	label string
	bad   bool
}

// chart draws series of equal length over each other, on a braille grid. It keeps no data.
type chart struct {
	title   string
	note    string // beside the title
	log     bool
	unit    func(float64) string
	from    int // second of the first value, since T0
	newest  int // the newest value that was measured, which the legend reads; -1: none
	marks   []mark
	partial []bool // values that only some drivers reported: lower bounds, drawn dim and with gaps
	shares  string // how many drivers the value that is read contains, if not all
	cursor  int    // the value that the legend reads instead; -1: the newest
	none    string // what it says where there is nothing to draw
}

const (
	gutter    = 7 // columns of the Y axis, fixed so that the plot does not jump sideways
	minChartW = gutter + 8
	minChartH = 4
)

// lines draws a chart in exactly w by h cells.
func (c chart) lines(st *styles, ss []series, w, h int) []string {
	if w < minChartW || h < minChartH {
		return block([]string{c.title}, w, h)
	}
	n := 0
	for _, s := range ss {
		n = max(n, len(s.values))
	}
	p := newPlot(c, st, ss, n, w-gutter, h-2)
	out := make([]string, 0, h)
	out = append(out, c.legend(st, ss, w))
	ticks := p.ticks()
	for y := range p.h {
		out = append(out, axis(st, ticks[y])+p.row(y))
	}
	return append(out, timeAxis(st, c.from, n, p.w))
}

// good tells whether v can be drawn.
func good(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && v >= 0 }

// legend is the title, and each series' name with its value at the cursor, or its newest.
func (c chart) legend(st *styles, ss []series, w int) string {
	line := st.bold.paint(c.title)
	if c.note != "" {
		line += " " + st.dim.paint(c.note)
	}
	at := c.newest
	if c.cursor >= 0 {
		at = c.cursor
	}
	bound := ""
	if at >= 0 && at < len(c.partial) && c.partial[at] {
		bound = st.glyph("≥", ">")
		if c.shares != "" {
			line += "  " + st.warn.paint(c.shares)
		}
	}
	for _, i := range legendOrder(ss) {
		s := ss[i]
		value := c.unit(s.reading(at))
		if value != "–" && !s.exact {
			value = bound + value
		}
		part := "  " + s.pen.paint(legendShape(st, s, i)) + " " + st.dim.paint(s.name) + " " + value
		if width(line)+width(part) > w {
			break
		}
		line += part
	}
	return fill(line, w)
}

// legendShape is how a series looks, in one column.
func legendShape(st *styles, s series, i int) string {
	if st.ascii {
		return asciiShapes(i, s.shape)
	}
	look := s.shape
	if !st.color && look != area {
		look = s.plain
	}
	return [...]string{solid: "━", dashed: "╍", dotted: "┅", area: "█"}[look]
}

// asciiShapes is how the i-th series looks where there is nothing but ASCII.
func asciiShapes(i int, s shape) string {
	if s == area {
		return ":"
	}
	return string("*o+x#@"[i%6])
}

// legendOrder is which series the legend names, those that are compared with last.
func legendOrder(ss []series) (order []int) {
	for _, behind := range []bool{false, true} {
		for i, s := range ss {
			if s.name != "" && s.behind == behind {
				order = append(order, i)
			}
		}
	}
	return order
}

// reading is the value at i; NaN: none.
func (s series) reading(i int) float64 {
	if i >= 0 && i < len(s.values) {
		return s.values[i]
	}
	return math.NaN()
}
