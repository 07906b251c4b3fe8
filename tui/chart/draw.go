package chart

import (
	"math"

	"github.com/NimbleMarkets/ntcharts/canvas"

	"landfall/tui/style"
)

// draw draws the i-th series with dots. Of an area of blocks, only lower bounds consist of dots.
func (p *plot) draw(i int) {
	s := p.ss[i]
	dx, dy := p.dots()
	gw, ground := p.w*dx, p.h*dy-1
	look := s.look(p.st)
	var last canvas.Point
	joined, hidden, before := false, false, ground // of the value before: whether it was drawn, hidden; bottom of the area
	for k, v := range s.Values {
		if !Good(v) || v == 0 && look == Area { // zero draws no area, not even one row of dots
			joined = false
			continue
		}
		at := canvas.Point{X: ColumnOf(k, len(s.Values), gw), Y: p.dotRow(v)}
		bottom := ground
		if k < len(s.Floor) && Good(s.Floor[k]) {
			bottom = p.dotRow(s.Floor[k])
		}
		if !joined {
			last, before, hidden = at, bottom, true
		}
		hides := p.near(s, k)
		switch {
		case hides && hidden:
		case p.partial(s, k):
			p.dotted(i, last, at, 2, true)
		case look == Dotted:
			p.dotted(i, last, at, 1, false)
		case s.Blocks:
		case look == Area:
			p.fill(i, last, at, before, bottom)
		default:
			for q := range line(last, at) {
				if look != Dashed || q.X%dashes < dashes/2 {
					p.setLine(i, q, false)
				}
			}
		}
		last, before, joined, hidden = at, bottom, true, hides
	}
}

const dashes = 6 // columns of dots from one dash to the next

// near reports whether the k-th value of a line is so close to the edge of an area that the line would only hide it.
func (p *plot) near(s Series, k int) bool {
	if k >= len(s.Near) || !Good(s.Near[k]) {
		return false
	}
	_, dy := p.dots()
	return math.Abs(p.at(s.Values[k])-p.at(s.Near[k]))*float64(p.h*dy) < max(1, float64(dy)/2)
}

// dotted draws one dot in each of every columns, without risers: a steep line remains a row of dots.
func (p *plot) dotted(i int, from, to canvas.Point, every int, partial bool) {
	for x := min(from.X+1, to.X); x <= to.X; x++ {
		if x%every == 0 {
			p.setLine(i, canvas.Point{X: x, Y: between(from.Y, to.Y, x-from.X, to.X-from.X)}, partial)
		}
	}
}

// fill sets the dots of an area between two values. Without colours it is hatched, unlike lines and blocks.
func (p *plot) fill(i int, from, to canvas.Point, before, bottom int) {
	hatched := !p.st.Color && !p.st.Ascii
	for q := range line(from, to) {
		ground := between(before, bottom, q.X-from.X, to.X-from.X)
		if hatched {
			q.X &^= 1 // each column of cells has the higher of its two columns of dots
		}
		for y := q.Y; y <= ground; y++ {
			p.setArea(i, canvas.Point{X: q.X, Y: y})
		}
	}
}

// between interpolates from a to b at part/all.
func between(a, b, part, all int) int {
	if all == 0 {
		return b
	}
	return a + (b-a)*part/all
}

// ColumnOf returns the column of value i of n on a grid of w columns.
func ColumnOf(i, n, w int) int {
	if n < 2 {
		return w - 1
	}
	return i * (w - 1) / (n - 1)
}

var brailleDots = [4][2]uint8{{1, 8}, {2, 16}, {4, 32}, {64, 128}}

// dot returns the cell of a dot, or nil outside of the grid, and the dot's bit.
func (p *plot) dot(q canvas.Point) (*cell, uint8) {
	dx, dy := p.dots()
	x, y := q.X/dx, q.Y/dy
	if q.X < 0 || q.Y < 0 || x >= p.w || y >= p.h {
		return nil, 0
	}
	return &p.cells[y*p.w+x], brailleDots[q.Y%dy&3][q.X%dx&1]
}

// layers is the number of lines that take turns in neighbouring cells that all of them cross.
const layers = 3

// setLine sets a dot of a line. A cell has one colour: lines that share cells take turns, so that none hides another or takes on its colour.
func (p *plot) setLine(series int, q canvas.Point, partial bool) {
	c, bit := p.dot(q)
	if c == nil {
		return
	}
	if own := uint8(series + 1); c.line != own {
		dx, _ := p.dots()
		if c.line > 0 && p.layer(int(c.line-1)) == q.X/dx%layers {
			return
		}
		c.line, c.lineDots = own, 0
	}
	c.lineDots |= bit
	c.partial = partial
}

func (p *plot) setArea(series int, q canvas.Point) {
	if c, bit := p.dot(q); c != nil {
		c.area = uint8(series + 1)
		c.areaDots |= bit
	}
}

// stack determines the height of the i-th series, an area of blocks, in each column. A value above zero is at least an eighth of a cell high.
func (p *plot) stack(i int) {
	s := p.ss[i]
	p.block = i
	p.blocks = make([]int, p.w)
	from, low := 0, 0
	for k, v := range s.Values {
		at, high := ColumnOf(k, len(s.Values), p.w), 0
		if Good(v) && v > 0 && !p.partial(s, k) {
			high = max(1, int(math.Round(p.at(v)*float64(8*p.h))))
		}
		if low == 0 || high == 0 { // begins or ends here
			from, low = at, high
		}
		for x := from; x <= at; x++ {
			p.blocks[x] = max(p.blocks[x], between(low, high, x-from, at-from))
		}
		from, low = at, high
	}
}

// eighths returns how much of a cell blocks fill, in eighths.
func (p *plot) eighths(x, y int) int {
	if p.blocks == nil {
		return 0
	}
	return min(8, p.blocks[x]-8*(p.h-1-y))
}

// blockOf returns how a cell is drawn that blocks fill by some eighths: over the colour of the area that they are part of.
func (p *plot) blockOf(c cell, eighths int) (style.Pen, rune) {
	s := p.ss[p.block]
	switch {
	case p.st.Ascii && eighths < 4:
		return s.Pen, asciiLow
	case p.st.Ascii:
		return s.Pen, s.sign()
	case c.areaDots == 0xff:
		return s.Over, blockSigns[eighths-1]
	}
	return s.Pen, blockSigns[eighths-1]
}

var blockSigns = [8]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}
