package chart

import (
	"math"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"

	"landfall/tui/style"
)

// plot is a chart being drawn: a grid of cells, each with its dots and the series that they belong to.
type plot struct {
	Chart
	st     *style.Sheet
	ss     []Series
	n      int // number of values
	w, h   int // of the grid, in cells
	bits   []uint8
	owner  []uint8 // series of each cell, from 1
	filled []bool  // cells of an area, not a line
	dim    []bool  // cells of a lower bound
	lo, hi float64 // range of the axis
	empty  bool
	over   []overlaid // for the current row
	placed [][]label  // of marks, by row; nil: not placed yet
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

// scale determines the axis: from 0 to a round number, or half decades.
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

// niceMax rounds up to a number that divides well, with some headroom.
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

// at returns the position of v on the axis, from 0 to 1.
func (p *plot) at(v float64) float64 {
	if p.Log {
		v = math.Log10(math.Max(v, 1))
	}
	return min(1, max(0, (v-p.lo)/(p.hi-p.lo)))
}

// dots per cell: a braille character has two by four.
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
	var last canvas.Point
	joined := false  // whether the value before was drawn
	before := gh - 1 // bottom of the area at the previous point
	for k, v := range s.Values {
		if !Good(v) || v == 0 && s.Shape == Area { // zero draws no area, not even one row of dots
			joined = false
			continue
		}
		at := canvas.Point{X: ColumnOf(k, len(s.Values), gw), Y: row(v)}
		dim := k < len(p.Partial) && p.Partial[k]
		bottom := gh - 1
		if k < len(s.Floor) && Good(s.Floor[k]) {
			bottom = row(s.Floor[k])
		}
		if !joined {
			last, before = at, bottom
		}
		for q := range line(last, at) {
			p.mark(i, q, dim, between(before, bottom, q.X-last.X, at.X-last.X))
		}
		last, before, joined = at, bottom, true
	}
}

// between interpolates from a to b at part/all.
func between(a, b, part, all int) int {
	if all == 0 {
		return b
	}
	return a + (b-a)*part/all
}

// mark sets a dot of a line, or all dots of an area from there down to its bottom.
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

// inked reports whether a line has a dot in a column: dashed lines have gaps.
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

// ColumnOf returns the column of value i of n on a grid of w columns.
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

// row draws one row of cells, with one escape sequence per run of equal cells.
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
	b.Grow(6 * p.w)
	var now style.Pen
	for x := range p.w {
		use, sign := p.cell(y*p.w+x, y)
		if over[x].sign != 0 && (over[x].front || sign == ' ') {
			use, sign = over[x].pen, over[x].sign
		}
		if use != now {
			b.WriteString(now.Off)
			b.WriteString(use.On)
			now = use
		}
		b.WriteRune(sign)
	}
	b.WriteString(now.Off)
	return b.String()
}

// cell is the content of a cell of the grid.
func (p *plot) cell(i, y int) (style.Pen, rune) {
	if p.owner[i] == 0 {
		return style.Pen{}, ' '
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
			return use, '#'
		}
		if p.filled[i] {
			return use, ':'
		}
		return use, asciiLine(int(p.owner[i] - 1))
	}
	return use, 0x2800 + rune(p.bits[i])
}
