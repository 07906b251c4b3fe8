package tui

import (
	"math"
	"strings"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/charmbracelet/x/ansi"
)

func width(s string) int { return ansi.StringWidth(s) }

// series is one line of a chart. NaN is a gap, and is drawn as one.
type series struct {
	name   string // "": not in the legend
	pen    pen
	values []float64
	behind bool // what others are compared with: last in the legend
}

// chart draws series of equal length over each other, on a braille grid. It keeps no data.
type chart struct {
	title  string
	note   string // beside the title
	log    bool
	unit   func(float64) string
	left   string // what the first and the last value's times are
	right  string
	marks  []int  // values at which something happened
	cursor int    // the value that the legend reads; -1: the newest
	none   string // what it says where there is nothing to draw
}

const (
	gutter    = 7 // columns of the Y axis, fixed so that the plot does not jump sideways
	minChartW = gutter + 8
	minChartH = 4
)

// plot is a chart being drawn.
type plot struct {
	chart
	st     *styles
	w, h   int // of the grid, in cells
	bits   []uint8
	owner  []uint8 // which series a cell belongs to, from 1
	lo, hi float64 // of the axis
	empty  bool
}

// lines draws a chart in exactly w by h cells.
func (c chart) lines(st *styles, ss []series, w, h int) []string {
	if w < minChartW || h < minChartH {
		return block([]string{c.title}, w, h)
	}
	p := &plot{chart: c, st: st, w: w - gutter, h: h - 2}
	p.bits, p.owner = make([]uint8, p.w*p.h), make([]uint8, p.w*p.h)
	p.scale(ss)
	for i, s := range ss {
		p.draw(s.values, uint8(i+1))
	}
	out := make([]string, 0, h)
	out = append(out, c.legend(st, ss, w))
	ticks := p.ticks()
	n := 0
	for _, s := range ss {
		n = max(n, len(s.values))
	}
	for y := range p.h {
		out = append(out, p.axis(ticks[y])+p.row(y, ss, n))
	}
	return append(out, p.foot())
}

// good tells whether v can be drawn.
func good(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) && v >= 0 }

// scale finds the axis: from nothing to a round number, or half decades.
func (p *plot) scale(ss []series) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, s := range ss {
		for _, v := range s.values {
			if good(v) {
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
	}
	p.empty = lo > hi
	if !p.log {
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
	if !good(v) || v <= 0 {
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
	if p.log {
		v = math.Log10(math.Max(v, 1))
	}
	return min(1, max(0, (v-p.lo)/(p.hi-p.lo)))
}

// dots per cell: braille has two by four.
func (p *plot) dots() (x, y int) {
	if p.st.ascii {
		return 1, 1
	}
	return 2, 4
}

func (p *plot) draw(values []float64, owner uint8) {
	dx, dy := p.dots()
	gw, gh := p.w*dx, p.h*dy
	var last *canvas.Point
	for i, v := range values {
		if !good(v) {
			last = nil
			continue
		}
		at := canvas.Point{X: columnOf(i, len(values), gw), Y: int(math.Round((1 - p.at(v)) * float64(gh-1)))}
		if last == nil || *last == at {
			p.set(at, owner)
		} else {
			for _, q := range graph.GetLinePoints(*last, at) {
				p.set(q, owner)
			}
		}
		last = &at
	}
}

// columnOf is where value i of n is on a grid of w columns.
func columnOf(i, n, w int) int {
	if n < 2 {
		return w - 1
	}
	return i * (w - 1) / (n - 1)
}

var brailleDots = [4][2]uint8{{1, 8}, {2, 16}, {4, 32}, {64, 128}}

func (p *plot) set(q canvas.Point, owner uint8) {
	dx, dy := p.dots()
	x, y := q.X/dx, q.Y/dy
	if q.X < 0 || q.Y < 0 || x >= p.w || y >= p.h {
		return
	}
	i := y*p.w + x
	p.bits[i] |= brailleDots[q.Y%dy&3][q.X%dx&1]
	p.owner[i] = owner
}

// ticks are the labels of the Y axis by row.
func (p *plot) ticks() map[int]string {
	ticks := map[int]string{}
	row := func(share float64) int { return int(math.Round((1 - share) * float64(p.h-1))) }
	if !p.log {
		steps := 2.0
		if p.h < 5 {
			steps = 1
		} else if p.h >= 13 {
			steps = evenSteps(p.hi)
		}
		for i := range int(steps) + 1 {
			share := float64(i) / steps
			ticks[row(share)] = p.unit(p.lo + (p.hi-p.lo)*share)
		}
		return ticks
	}
	perDecade := float64(p.h) / (p.hi - p.lo)
	for e := math.Floor(p.lo); e <= p.hi; e++ {
		for _, k := range []float64{1, 2, 5} {
			v := math.Pow(10, e) * k
			if l := math.Log10(v); l >= p.lo-1e-9 && l <= p.hi+1e-9 && (k == 1 || perDecade >= 7) {
				ticks[row(p.at(v))] = p.unit(v)
			}
		}
	}
	return ticks
}

// evenSteps is into how many parts a round number is best divided.
func evenSteps(v float64) float64 {
	switch lead := v / math.Pow(10, math.Floor(math.Log10(v))); math.Round(lead * 10) {
	case 15, 60:
		return 3
	case 25, 50:
		return 5
	}
	return 4
}

func (p *plot) axis(label string) string {
	edge := p.st.glyph("│", "|")
	if label != "" {
		edge = p.st.glyph("┤", "+")
	}
	return p.st.dim.paint(rightCell(label, gutter-1)) + p.st.rule.paint(edge)
}

// row draws one row of cells, with one sequence per run of cells that look alike.
func (p *plot) row(y int, ss []series, n int) string {
	if p.empty && y == p.h/2 {
		text := p.none
		if text == "" {
			text = "no samples in this window"
		}
		pad := max(0, (p.w-len(text))/2)
		return p.st.dim.paint(fill(spaces(pad)+text, p.w))
	}
	over := p.overlay(n)
	var b strings.Builder
	var now pen
	for x := range p.w {
		i := y*p.w + x
		use, text := pen{}, " "
		switch {
		case p.owner[i] > 0:
			use, text = ss[p.owner[i]-1].pen, p.mark(i)
		case over[x] != "":
			use, text = p.st.faint, over[x]
			if p.cursorColumn(n) == x {
				use = p.st.accent
			}
		}
		if use != now {
			b.WriteString(now.off)
			b.WriteString(use.on)
			now = use
		}
		b.WriteString(text)
	}
	b.WriteString(now.off)
	return b.String()
}

func (p *plot) mark(i int) string {
	if p.st.ascii {
		return string("*o+x#@"[(p.owner[i]-1)%6])
	}
	return string(rune(0x2800 + int(p.bits[i])))
}

// overlay is what stands behind the lines, by column: marks and the cursor.
func (p *plot) overlay(n int) []string {
	over := make([]string, p.w)
	for _, i := range p.marks {
		if i >= 0 && i < n {
			over[columnOf(i, n, p.w)] = p.st.glyph("┊", ":")
		}
	}
	if x := p.cursorColumn(n); x >= 0 {
		over[x] = p.st.glyph("│", "|")
	}
	return over
}

func (p *plot) cursorColumn(n int) int {
	if p.cursor < 0 || p.cursor >= n {
		return -1
	}
	return columnOf(p.cursor, n, p.w)
}

func (p *plot) foot() string {
	hz := p.st.glyph("─", "-")
	room := p.w - width(p.left) - width(p.right)
	if room < 3 {
		return spaces(gutter-1) + p.st.rule.paint(p.st.glyph("└", "+")+strings.Repeat(hz, p.w))
	}
	return spaces(gutter-1) + p.st.rule.paint(p.st.glyph("└", "+")) + p.st.dim.paint(p.left) +
		p.st.rule.paint(strings.Repeat(hz, room)) + p.st.dim.paint(p.right)
}

// legend is the title, and each series' name with its value at the cursor, or its newest.
func (c chart) legend(st *styles, ss []series, w int) string {
	line := st.bold.paint(c.title)
	if c.note != "" {
		line += " " + st.dim.paint(c.note)
	}
	for _, i := range legendOrder(ss) {
		s := ss[i]
		shape := st.glyph("━", string("*o+x#@"[i%6]))
		part := "  " + s.pen.paint(shape) + " " + st.dim.paint(s.name) + " " + c.unit(s.reading(c.cursor))
		if width(line)+width(part) > w {
			break
		}
		line += part
	}
	return fill(line, w)
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

// reading is the value at i or, for -1, the newest one; NaN: none.
func (s series) reading(i int) float64 {
	if i >= 0 {
		if i < len(s.values) {
			return s.values[i]
		}
		return math.NaN()
	}
	for i := len(s.values) - 1; i >= 0; i-- {
		if good(s.values[i]) {
			return s.values[i]
		}
	}
	return math.NaN()
}

// spark draws the newest values in one row of w cells; a gap is a gap.
func spark(st *styles, values []float64, w int) string {
	const bars, plain = "▁▂▃▄▅▆▇█", "._-=+*%#"
	ramp := []rune(bars)
	if st.ascii {
		ramp = []rune(plain)
	}
	if len(values) > w {
		values = values[len(values)-w:]
	}
	top := 0.0
	for _, v := range values {
		if good(v) {
			top = max(top, 1.3*v) // an even line is no wall
		}
	}
	var b strings.Builder
	b.WriteString(spaces(w - len(values)))
	for _, v := range values {
		switch {
		case !good(v):
			b.WriteByte(' ')
		case top == 0:
			b.WriteRune(ramp[0])
		default:
			b.WriteRune(ramp[min(len(ramp)-1, int(v/top*float64(len(ramp)-1)+0.5))])
		}
	}
	return b.String()
}
