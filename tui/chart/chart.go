// Package chart draws series of numbers in a terminal: lines and areas in braille or ASCII with their axes and legend,
// sparklines, bars and a heat map. It keeps no data.
package chart

import (
	"math"
	"strings"

	"landfall/tui/style"
)

// shape is the way in which a series is drawn.
type shape int

const (
	solid  shape = iota
	Dashed       // a line with gaps
	Dotted
	Area // filled down to its floor, or to the axis
)

// Series is one line or area of a chart. NaN is a gap.
type Series struct {
	Name   string // "": not in the legend
	Pen    style.Pen
	Values []float64
	Shape  shape
	Plain  shape       // shape without colours, where only shapes distinguish lines
	Ramp   []style.Pen // of an area: colours from the axis up; none: Pen
	Floor  []float64   // of an area; nil: the axis
	Dense  bool        // of an area without colours: all dots are set
	Behind bool        // a series for comparison: last in the legend
	Exact  bool        // the values are exact, however few drivers have reported
	Whole  float64     // value over the whole run, for a legend of the whole run
}

// Mark is an event on the time axis.
type Mark struct {
	At    int // index of the value
	Label string
	Bad   bool
}

// Chart draws series of equal length over each other, on a braille grid. It keeps no data.
type Chart struct {
	Title   string
	Note    string // shown beside the title
	Log     bool
	Unit    func(float64) string
	From    int // second of the first value, since T0
	Newest  int // index of the newest measured value, which the legend shows; -1: none
	Warmup  int // number of first values that belong to the warm-up, which is shaded
	Marks   []Mark
	Partial []bool // values that only some drivers reported: lower bounds, drawn dim and with gaps
	Shares  string // how many drivers reported the shown value, if not all
	Cursor  int    // index of the value in the legend; -1: the newest
	Whole   bool   // without a cursor, the legend shows the whole run
	None    string // text in place of an empty chart
}

const (
	Gutter    = 7 // columns of the Y axis, fixed so that the plot does not shift
	minChartW = Gutter + 8
	minChartH = 4
)

// Lines draws a chart in exactly w by h cells.
func (c Chart) Lines(st *style.Sheet, ss []Series, w, h int) []string {
	if w < minChartW || h < minChartH {
		return style.Block([]string{c.Title}, w, h)
	}
	n := 0
	for _, s := range ss {
		n = max(n, len(s.Values))
	}
	p := newPlot(c, st, ss, n, w-Gutter, h-2)
	out := make([]string, 0, h)
	out = append(out, c.legend(st, ss, w))
	ticks := p.ticks()
	for y := range p.h {
		out = append(out, axis(st, ticks[y])+p.row(y))
	}
	return append(out, TimeAxis(st, c.From, n, p.w))
}

// Good reports whether v can be drawn.
func Good(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && v >= 0 }

// legend returns the title, and each series' name with its value at the cursor, or its newest.
func (c Chart) legend(st *style.Sheet, ss []Series, w int) string {
	line := st.Bold.Paint(c.Title)
	if c.Note != "" {
		line += " " + st.Dim.Paint(c.Note)
	}
	at := c.Newest
	if c.Cursor >= 0 {
		at = c.Cursor
	}
	bound, whole := "", c.Whole && c.Cursor < 0
	if !whole && at >= 0 && at < len(c.Partial) && c.Partial[at] {
		bound = st.Glyph("≥", ">")
		if c.Shares != "" {
			line += "  " + st.Warn.Paint(c.Shares)
		}
	}
	var parts []string
	for _, i := range legendOrder(ss) {
		s := ss[i]
		v := s.reading(at)
		if whole && !s.Behind {
			v = s.Whole
		}
		value := "–"
		if Good(v) {
			value = c.Unit(v)
			if !s.Exact {
				value = bound + value
			}
		}
		parts = append(parts, s.Pen.Paint(legendShape(st, s, i))+" "+st.Dim.Paint(s.Name)+" "+value)
	}
	return style.Fill(legendLine(line, parts, w), w)
}

// legendLine appends the parts of a legend to a line of at most w columns, closer together if necessary.
func legendLine(line string, parts []string, w int) string {
	for _, gap := range []string{"  ", " "} {
		all := line
		for _, part := range parts {
			if all != "" {
				all += gap
			}
			all += part
		}
		if style.Width(all) <= w {
			return all
		}
	}
	for _, part := range parts {
		if style.Width(line)+1+style.Width(part) > w {
			break
		}
		line = strings.TrimLeft(line+" "+part, " ")
	}
	return line
}

// legendShape returns the symbol of a series, one column wide.
func legendShape(st *style.Sheet, s Series, i int) string {
	if st.Ascii {
		return asciiShapes(i, s.Shape)
	}
	look := s.Shape
	if !st.Color && look != Area {
		look = s.Plain
	}
	return [...]string{solid: "━", Dashed: "╍", Dotted: "┅", Area: "█"}[look]
}

// asciiShapes are the symbols of series in a legend on an ASCII terminal, by index.
func asciiShapes(i int, s shape) string {
	if s == Area {
		return ":"
	}
	return string(asciiLine(i))
}

// asciiLine returns the character that draws the i-th series' line on an ASCII terminal.
func asciiLine(i int) rune { return rune("*o+x#@"[i%6]) }

// legendOrder returns the indexes of the series in the legend, those for comparison last.
func legendOrder(ss []Series) (order []int) {
	for _, behind := range []bool{false, true} {
		for i, s := range ss {
			if s.Name != "" && s.Behind == behind {
				order = append(order, i)
			}
		}
	}
	return order
}

// reading returns the value at i; NaN: none.
func (s Series) reading(i int) float64 {
	if i >= 0 && i < len(s.Values) {
		return s.Values[i]
	}
	return math.NaN()
}
