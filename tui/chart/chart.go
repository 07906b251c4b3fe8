// Package chart draws series of numbers in a terminal: lines and areas in braille or ASCII with their axes and legend,
// sparklines, bars and a heat map. It keeps no data.
package chart

import (
	"math"

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
	Plain  shape       // shape of a line without colours, where only shapes distinguish lines
	Sign   rune        // character on an ASCII terminal, the same in every chart
	Ramp   []style.Pen // of an area: colours from the axis up; none: Pen
	Floor  []float64   // of an area; nil: the axis
	Blocks bool        // of an area: drawn as blocks, whose height is exact even if it is small; at most one per chart
	Over   style.Pen   // of blocks: over a filled area
	Near   []float64   // of a line: it is drawn only where it differs visibly from these values
	Behind bool        // a series for comparison: below all others, and last in the legend
	Layer  int         // among lines, from 0 to 2: where they share cells, each has its turn, and the higher one the rest
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
	Partial []bool // values that only some drivers reported: lower bounds, drawn as a row of dots
	Shares  string // how many drivers reported the shown value, if not all
	Cursor  int    // index of the value in the legend; -1: the newest
	Whole   bool   // without a cursor, the legend shows the whole run
	None    string // text in place of an empty chart

	Estimates bool    // partial values are those of some drivers, not lower bounds
	Cap       float64 // highest end of the axis, if not 0; what is above is marked
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
