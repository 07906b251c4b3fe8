package chart

import (
	"math"
	"slices"

	"landfall/tui/style"
)

// overlaid is what is drawn over or under the lines in one column.
type overlaid struct {
	pen   style.Pen
	sign  rune // 0: nothing
	front bool
}

// sign returns fancy, or plain on an ASCII terminal.
func (p *plot) sign(fancy, plain rune) rune {
	if p.st.Ascii {
		return plain
	}
	return fancy
}

// overlay adds the warm-up, the marks with their labels in the first row, and the cursor.
func (p *plot) overlay(y int) []overlaid {
	if len(p.over) != p.w {
		p.over = make([]overlaid, p.w)
	}
	over := p.over // reused by all rows
	clear(over)
	if p.Warmup > 0 && p.n > 0 {
		for x := range ColumnOf(min(p.Warmup, p.n-1), p.n, p.w) {
			over[x] = overlaid{p.st.Rule, p.sign('░', '.'), false}
		}
	}
	for _, m := range p.Marks {
		if m.At >= 0 && m.At < p.n {
			over[ColumnOf(m.At, p.n, p.w)] = overlaid{p.st.Faint, p.sign('┊', '\''), false}
		}
	}
	for _, b := range p.bounds {
		if b.row == y {
			over[b.column] = overlaid{p.st.Dim, p.partialSign(p.st), true}
		}
	}
	if y == 0 {
		for i := range p.n {
			if p.highest(i) > p.hi && !p.Log {
				over[ColumnOf(i, p.n, p.w)] = overlaid{p.st.Warn, p.sign('▲', '!'), true}
			}
		}
	}
	if rows := p.labels(); y < len(rows) {
		for _, l := range rows[y] {
			for k, r := range []rune(l.text) {
				over[l.from+k] = overlaid{l.pen, r, true}
			}
		}
	}
	if x := p.cursorColumn(); x >= 0 {
		over[x] = overlaid{p.st.Accent, p.sign('│', '|'), true}
	}
	return over
}

// label is the text beside a mark.
type label struct {
	from int // column
	text string
	pen  style.Pen
}

// labels places the labels of marks in the first two rows, as far as there is room, the worst first. At the right edge, a label is before
// its mark. Labels in one row are separated by a gap.
func (p *plot) labels() [][]label {
	if p.placed != nil {
		return p.placed
	}
	p.placed = make([][]label, min(2, max(1, p.h/4)))
	taken := make([][]bool, len(p.placed))
	if l, clipped := p.peak(); clipped {
		taken[0] = make([]bool, p.w+2)
		p.placed[0] = append(p.placed[0], l)
		for k := range []rune(l.text) {
			taken[0][l.from+k] = true
		}
	}
	for _, bad := range []bool{true, false} {
		for _, m := range p.Marks {
			if m.Bad != bad || m.At < 0 || m.At >= p.n || m.Label == "" {
				continue
			}
			x, wide := ColumnOf(m.At, p.n, p.w), style.Width(m.Label)
			from := x + 1
			if from+wide > p.w {
				from = x - wide
			}
			if from < 0 {
				continue
			}
			l := label{from, m.Label, p.st.Dim}
			if bad {
				l.pen = p.st.Bad
			}
			for y := range p.placed {
				if taken[y] == nil {
					taken[y] = make([]bool, p.w+2)
				}
				if room := taken[y][max(0, from-1):min(from+wide+1, p.w+2)]; !slices.Contains(room, true) {
					p.placed[y] = append(p.placed[y], l)
					for k := range wide {
						taken[y][from+k] = true
					}
					break
				}
			}
		}
	}
	return p.placed
}

// highest returns the highest value at i, or -Inf.
func (p *plot) highest(i int) float64 {
	most := math.Inf(-1)
	for _, s := range p.ss {
		if v := s.reading(i); Good(v) {
			most = max(most, v)
		}
	}
	return most
}

// peak returns the label of the highest value, which is above the axis; false: none is.
func (p *plot) peak() (label, bool) {
	at, most := -1, p.hi
	for i := range p.n {
		if v := p.highest(i); v > most && !p.Log {
			at, most = i, v
		}
	}
	if at < 0 {
		return label{}, false
	}
	text := string(p.sign('▲', '!')) + p.Unit(most)
	return label{max(0, min(ColumnOf(at, p.n, p.w), p.w-style.Width(text))), text, p.st.Warn}, true
}

// bound is the place of a sign that says that the values below it are lower bounds.
type bound struct{ column, row int }

// lowerBounds places a sign above the middle of each period that only some drivers have reported.
func (p *plot) lowerBounds() (list []bound) {
	_, dy := p.dots()
	for from := 0; from < min(p.n, len(p.Partial)); from++ {
		if !p.Partial[from] {
			continue
		}
		to, top := from, p.h
		for ; to < min(p.n, len(p.Partial)) && p.Partial[to]; to++ {
			for _, s := range p.ss {
				if v := s.reading(to); Good(v) && !s.Exact {
					top = min(top, p.dotRow(v)/dy)
				}
			}
		}
		if top < p.h {
			list = append(list, bound{ColumnOf((from+to-1)/2, p.n, p.w), max(0, top-1)})
		}
		from = to
	}
	return list
}

func (p *plot) cursorColumn() int {
	if p.Cursor < 0 || p.Cursor >= p.n {
		return -1
	}
	return ColumnOf(p.Cursor, p.n, p.w)
}
