package chart

import (
	"landfall/tui/style"
	"slices"
)

// overlaid is what stands before or behind the lines in one column.
type overlaid struct {
	pen   style.Pen
	sign  rune // 0: nothing
	front bool
}

// sign is one of two, the second where there is nothing but ASCII.
func (p *plot) sign(fancy, plain rune) rune {
	if p.st.Ascii {
		return plain
	}
	return fancy
}

// overlay is the marks, with their labels in the first row, and the cursor.
func (p *plot) overlay(y int) []overlaid {
	if len(p.over) != p.w {
		p.over = make([]overlaid, p.w)
	}
	over := p.over // one for all rows
	clear(over)
	for _, m := range p.Marks {
		if m.At >= 0 && m.At < p.n {
			over[ColumnOf(m.At, p.n, p.w)] = overlaid{p.st.Faint, p.sign('┊', ':'), false}
		}
	}
	if y == 0 {
		p.labels(over)
	}
	if x := p.cursorColumn(); x >= 0 {
		over[x] = overlaid{p.st.Accent, p.sign('│', '|'), true}
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
				over[from+k], taken[from+k] = overlaid{ink, r, true}, true
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
