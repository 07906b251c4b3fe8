package chart

import (
	"math"
	"slices"
	"strings"

	"landfall/tui/style"
)

// plot is a chart being drawn: a grid of cells.
type plot struct {
	Chart
	st     *style.Sheet
	ss     []Series
	n      int // number of values
	w, h   int // of the grid, in cells
	cells  []cell
	blocks []int   // height of the area of blocks in each column, in eighths of a cell
	block  int     // series of the blocks
	lo, hi float64 // range of the axis
	empty  bool
	over   []overlaid // for the current row
	placed [][]label  // of marks, by row; nil: not placed yet
	bounds []bound    // of partial seconds
}

// cell holds dots of an area and of lines over it, and the series that each belongs to, from 1. Where there is a line, the area gives way.
type cell struct {
	area, line         uint8
	areaDots, lineDots uint8
	partial            bool // the dots of the line are a lower bound
}

func newPlot(c Chart, st *style.Sheet, ss []Series, n, w, h int) *plot {
	p := &plot{Chart: c, st: st, ss: ss, n: n, w: w, h: h, cells: make([]cell, w*h)}
	p.scale()
	for _, i := range p.drawOrder() {
		if ss[i].Blocks {
			p.stack(i)
		}
		p.draw(i)
	}
	p.bounds = p.lowerBounds()
	return p
}

// drawOrder returns the indexes of the series, the lowest layer first.
func (p *plot) drawOrder() []int {
	order := make([]int, len(p.ss))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return p.layer(a) - p.layer(b) })
	return order
}

// layer returns the layer of the i-th series; those for comparison are below all others.
func (p *plot) layer(i int) int {
	if p.ss[i].Behind {
		return -1
	}
	return p.ss[i].Layer
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
		if p.lo, p.hi = 0, niceMax(hi); p.Cap > 0 && hi > p.Cap {
			p.hi = niceMax(p.Cap / headroom)
		}
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

// headroom is above the highest value.
const headroom = 1.02

// niceMax rounds up to a number that divides well, with some headroom.
func niceMax(v float64) float64 {
	if !Good(v) || v <= 0 {
		return 1
	}
	v *= headroom
	e := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
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

// dotRow returns the row of dots of a value, from 0 at the top.
func (p *plot) dotRow(v float64) int {
	_, dy := p.dots()
	return int(math.Round((1 - p.at(v)) * float64(p.h*dy-1)))
}

// partial reports whether only some drivers have reported the k-th value of a series.
func (p *plot) partial(s Series, k int) bool {
	return !s.Exact && k < len(p.Partial) && p.Partial[k]
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
		use, sign := p.cell(x, y)
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

// cell returns what is drawn in a cell: a line, else blocks, else an area.
func (p *plot) cell(x, y int) (style.Pen, rune) {
	c := p.cells[y*p.w+x]
	if c.line > 0 {
		s := p.ss[c.line-1]
		switch {
		case !p.st.Ascii:
			return s.Pen, 0x2800 + rune(c.lineDots)
		case c.partial:
			return s.Pen, asciiBound
		}
		return s.Pen, s.sign()
	}
	if eighths := p.eighths(x, y); eighths > 0 {
		return p.blockOf(c, eighths)
	}
	if c.area == 0 {
		return style.Pen{}, ' '
	}
	s := p.ss[c.area-1]
	use := s.Pen
	if len(s.Ramp) > 0 {
		use = s.Ramp[(p.h-1-y)*len(s.Ramp)/p.h]
	}
	if p.st.Ascii {
		return use, s.sign()
	}
	return use, 0x2800 + rune(c.areaDots)
}
