package chart

import (
	"math"
	"slices"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"

	"landfall/tui/style"
)

// plot is a chart being drawn: a grid of cells, each with its dots and the series that they belong to.
type plot struct {
	Chart
	st     *style.Sheet
	ss     []Series
	n      int // values
	w, h   int // of the grid, in cells
	bits   []uint8
	owner  []uint8 // which series a cell belongs to, from 1
	filled []bool  // by an area, not a line
	dim    []bool  // a lower bound
	lo, hi float64 // of the axis
	empty  bool
}

func newPlot(c Chart, st *style.Sheet, ss []Series, n, w, h int) *plot {
	p := &plot{Chart: c, st: st, ss: ss, n: n, w: w, h: h}
	p.bits, p.owner, p.filled, p.dim = make([]uint8, w*h), make([]uint8, w*h), make([]bool, w*h), make([]bool, w*h)
	p.scale()
	for i := range ss {
		p.draw(i)
	}
	return p
}

// scale finds the axis: from nothing to a round number, or half decades.
func (p *plot) scale() {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range p.ss {
		for _, v := range s.Values {
			if Good(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	p.empty = lo > hi
	if !p.Log {
		p.lo, p.hi = 0, niceMax(hi)
		return
	}
	if p.empty {
		lo, hi = 1000, 10000
	}
	p.lo = math.Floor(2*math.Log10(math.Max(lo, 1))) / 2
	p.hi = math.Ceil(2*math.Log10(math.Max(hi, 1))) / 2
	if p.hi < p.lo+1 {
		p.hi = p.lo + 1
	}
}

// niceMax rounds up to a number that divides well, with a little air.
func niceMax(v float64) float64 {
	if !Good(v) || v <= 0 {
		return 1
	}
	v *= 1.02
	e := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 1.5, 2, 2.5, 4, 5, 6, 8} {
		if k*e >= v {
			return k * e
		}
	}
	return 10 * e
}

// at is where on the axis v is, from 0 to 1.
func (p *plot) at(v float64) float64 {
	if p.Log {
		v = math.Log10(math.Max(v, 1))
	}
	return min(1, max(0, (v-p.lo)/(p.hi-p.lo)))
}

// dots per cell: braille has two by four.
func (p *plot) dots() (x, y int) {
	if p.st.Ascii {
		return 1, 1
	}
	return 2, 4
}

// draw draws the i-th series.
func (p *plot) draw(i int) {
	s := p.ss[i]
	dx, dy := p.dots()
	gw, gh := p.w*dx, p.h*dy
	row := func(v float64) int { return int(math.Round((1 - p.at(v)) * float64(gh-1))) }
	var last *canvas.Point
	before := gh - 1 // where the area ends at the last point
	for k, v := range s.Values {
		if !Good(v) {
			last = nil
			continue
		}
		at := canvas.Point{X: ColumnOf(k, len(s.Values), gw), Y: row(v)}
		points := []canvas.Point{at}
		if last != nil && *last != at {
			points = graph.GetLinePoints(*last, at)
		}
		dim := k < len(p.Partial) && p.Partial[k]
		bottom := gh - 1
		if k < len(s.Floor) && Good(s.Floor[k]) {
			bottom = row(s.Floor[k])
		}
		if last == nil {
			before = bottom
		}
		for _, q := range points {
			p.mark(i, q, dim, between(before, bottom, q.X-points[0].X, at.X-points[0].X))
		}
		last, before = &at, bottom
	}
}

// between is the value at part of all of the way from a to b.
func between(a, b, part, all int) int {
	if all == 0 {
		return b
	}
	return a + (b-a)*part/all
}

// mark sets a dot of a series, or all dots from there to the bottom of an area.
func (p *plot) mark(i int, q canvas.Point, dim bool, bottom int) {
	s := p.ss[i]
	if s.Shape != Area {
		if p.inked(s, q.X, dim) {
			p.set(q, i, dim, false)
		}
		return
	}
	for y := q.Y; y <= bottom; y++ {
		if p.st.Color || s.Dense || p.st.Ascii || (q.X+2*y)%4 == 0 {
			p.set(canvas.Point{X: q.X, Y: y}, i, dim, true)
		}
	}
}

// inked tells whether a line has a dot in a column: those with gaps do not everywhere.
func (p *plot) inked(s Series, x int, dim bool) bool {
	look := s.Shape
	if !p.st.Color {
		look = s.Plain
	}
	switch {
	case p.st.Ascii && !dim:
		return look != Dashed || x%2 == 0
	case look == Dashed || dim:
		return x%6 < 3
	case look == Dotted:
		return x%3 == 0
	}
	return true
}

// ColumnOf is where value i of n is on a grid of w columns.
func ColumnOf(i, n, w int) int {
	if n < 2 {
		return w - 1
	}
	return i * (w - 1) / (n - 1)
}

var brailleDots = [4][2]uint8{{1, 8}, {2, 16}, {4, 32}, {64, 128}}

func (p *plot) set(q canvas.Point, series int, dim, filled bool) {
	dx, dy := p.dots()
	x, y := q.X/dx, q.Y/dy
	if q.X < 0 || q.Y < 0 || x >= p.w || y >= p.h {
		return
	}
	i := y*p.w + x
	p.bits[i] |= brailleDots[q.Y%dy&3][q.X%dx&1]
	p.owner[i], p.dim[i], p.filled[i] = uint8(series+1), dim, filled
}

// row draws one row of cells, with one sequence per run of cells that look alike.
func (p *plot) row(y int) string {
	if p.empty && y == p.h/2 {
		text := p.None
		if text == "" {
			text = "no samples yet"
		}
		pad := max(0, (p.w-len(text))/2)
		return p.st.Dim.Paint(style.Fill(style.Spaces(pad)+text, p.w))
	}
	over := p.overlay(y)
	var b strings.Builder
	var now style.Pen
	for x := range p.w {
		use, text := p.cell(y*p.w+x, y)
		if over[x].text != "" && (over[x].front || text == " ") {
			use, text = over[x].pen, over[x].text
		}
		if use != now {
			b.WriteString(now.Off)
			b.WriteString(use.On)
			now = use
		}
		b.WriteString(text)
	}
	b.WriteString(now.Off)
	return b.String()
}

// cell is what a cell of the grid shows.
func (p *plot) cell(i, y int) (style.Pen, string) {
	if p.owner[i] == 0 {
		return style.Pen{}, " "
	}
	s := p.ss[p.owner[i]-1]
	use := s.Pen
	switch {
	case p.dim[i]:
		use = p.st.Ghost
	case p.filled[i] && len(s.Ramp) > 0:
		use = s.Ramp[(p.h-1-y)*len(s.Ramp)/p.h]
	}
	if p.st.Ascii {
		if p.filled[i] && s.Dense {
			return use, "#"
		}
		if p.filled[i] {
			return use, ":"
		}
		return use, asciiShapes(int(p.owner[i]-1), s.Shape)
	}
	return use, string(rune(0x2800 + int(p.bits[i])))
}

// overlaid is what stands before or behind the lines in one column.
type overlaid struct {
	pen   style.Pen
	text  string
	front bool
}

// overlay is the marks, with their labels in the first row, and the cursor.
func (p *plot) overlay(y int) []overlaid {
	over := make([]overlaid, p.w)
	for _, m := range p.Marks {
		if m.At >= 0 && m.At < p.n {
			over[ColumnOf(m.At, p.n, p.w)] = overlaid{p.st.Faint, p.st.Glyph("┊", ":"), false}
		}
	}
	if y == 0 {
		p.labels(over)
	}
	if x := p.cursorColumn(); x >= 0 {
		over[x] = overlaid{p.st.Accent, p.st.Glyph("│", "|"), true}
	}
	return over
}

// labels writes what marks are beside them, as far as there is room: first what is bad. At the right edge a label is before its mark.
func (p *plot) labels(over []overlaid) {
	taken := make([]bool, p.w+2)
	for _, bad := range []bool{true, false} {
		for _, m := range p.Marks {
			if m.Bad != bad || m.At < 0 || m.At >= p.n || m.Label == "" {
				continue
			}
			x := ColumnOf(m.At, p.n, p.w)
			label := []rune(m.Label)
			from := x + 1
			if from+len(label) > p.w {
				from = x - len(label)
			}
			if from < 0 || slices.Contains(taken[from:min(from+len(label)+1, len(taken))], true) {
				continue
			}
			ink := p.st.Dim
			if bad {
				ink = p.st.Bad
			}
			for k, r := range label {
				over[from+k], taken[from+k] = overlaid{ink, string(r), true}, true
			}
		}
	}
}

func (p *plot) cursorColumn() int {
	if p.Cursor < 0 || p.Cursor >= p.n {
		return -1
	}
	return ColumnOf(p.Cursor, p.n, p.w)
}
