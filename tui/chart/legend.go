package chart

import (
	"math"
	"slices"
	"strings"

	"landfall/tui/style"
)

// Characters on an ASCII terminal, beside those of series.
const (
	asciiBound = '^' // a lower bound
	asciiLow   = '_' // a row that blocks fill by less than half
)

// legend returns the title, and each series' name with its value at the cursor, or its newest.
func (c Chart) legend(st *style.Sheet, ss []Series, w int) string {
	at := c.Newest
	if c.Cursor >= 0 {
		at = c.Cursor
	}
	bound, whole, shares := "", c.Whole && c.Cursor < 0, ""
	if !whole && at >= 0 && at < len(c.Partial) && c.Partial[at] {
		bound = string(c.partialSign(st))
		if c.Shares != "" {
			shares = "  " + st.Warn.Paint(c.Shares)
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
		parts = append(parts, s.Pen.Paint(s.symbol(st))+" "+st.Dim.Paint(s.Name)+" "+value)
	}
	if slices.Contains(c.Partial, true) {
		parts = append(parts, st.Glyph("┈", string(asciiBound))+" "+st.Dim.Paint(c.partialWord()))
	}
	title, note := st.Bold.Paint(c.Title), ""
	if c.Note != "" {
		note = " " + st.Dim.Paint(c.Note)
	}
	shorter := title + shares
	if c.Cursor >= 0 { // the note has the second that is read
		shorter = title + note + shares
	}
	return style.Fill(legendLine(title+note+shares, shorter, parts, w), w)
}

// partialSign is beside values that only some drivers have reported: a rate is then a lower bound, a percentile an estimate.
func (c Chart) partialSign(st *style.Sheet) rune {
	sign := "≥>"
	if c.Estimates {
		sign = "≈~"
	}
	if runes := []rune(sign); !st.Ascii {
		return runes[0]
	}
	return rune(sign[len(sign)-1])
}

// partialWord is partialSign in words.
func (c Chart) partialWord() string {
	if c.Estimates {
		return "some drivers"
	}
	return "at least"
}

// perSecond is the unit of rates, which the axis shows too.
const perSecond = "/s"

// legendLine appends the parts of a legend to a title in at most w columns: if necessary closer together, to a shorter title, without
// the unit, and at last not all of them.
func legendLine(title, shorter string, parts []string, w int) string {
	unitless := make([]string, len(parts))
	for i, part := range parts {
		unitless[i] = strings.TrimSuffix(part, perSecond)
	}
	for _, try := range []struct {
		title, gap string
		parts      []string
	}{{title, "  ", parts}, {title, " ", parts}, {title, " ", unitless}, {shorter, " ", unitless}} {
		all := strings.TrimLeft(try.title+try.gap+strings.Join(try.parts, try.gap), " ")
		if style.Width(all) <= w {
			return all
		}
	}
	line := shorter
	for _, part := range unitless {
		if style.Width(line)+1+style.Width(part) > w {
			break
		}
		line = strings.TrimLeft(line+" "+part, " ")
	}
	return line
}

// look returns the shape in which a series is drawn.
func (s Series) look(st *style.Sheet) shape {
	if s.Shape == Area || st.Color || st.Ascii { // in ASCII, each series has its character
		return s.Shape
	}
	return s.Plain
}

// symbol returns the symbol of a series in the legend, as it is drawn, one column wide.
func (s Series) symbol(st *style.Sheet) string {
	look := s.look(st)
	switch {
	case st.Ascii:
		return string(s.sign())
	case s.Blocks:
		return "█"
	case look == Area && !st.Color:
		return "⡇"
	}
	return [...]string{solid: "━", Dashed: "╍", Dotted: "┅", Area: "⣿"}[look]
}

// sign returns the character of a series on an ASCII terminal.
func (s Series) sign() rune {
	if s.Sign == 0 {
		return '*'
	}
	return s.Sign
}

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
