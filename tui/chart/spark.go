package chart

import (
	"strings"

	"landfall/tui/style"
)

// Spark draws the newest values as a line in one row of w cells, two values per cell, on a scale from 0 to top. NaN is a gap.
func Spark(st *style.Sheet, values []float64, w int, top float64) string {
	per := 2
	if st.Ascii {
		per = 1
	}
	if len(values) > per*w {
		values = values[len(values)-per*w:]
	}
	var b strings.Builder
	b.WriteString(style.Spaces(w - (len(values)+per-1)/per))
	if st.Ascii {
		for _, v := range values {
			b.WriteByte(" _.-=^"[level(v, top, 5)])
		}
		return b.String()
	}
	for len(values) > 0 {
		bits := rune(0)
		for i, v := range values[:min(2, len(values))] {
			if y := level(v, top, 4); y > 0 {
				bits |= rune(brailleDots[4-y][i])
			}
		}
		values = values[min(2, len(values)):]
		if bits == 0 {
			b.WriteByte(' ')
		} else {
			b.WriteRune(0x2800 + bits)
		}
	}
	return b.String()
}

// level returns the height of a value from 1 to n; 0: a gap.
func level(v, top float64, n int) int {
	switch {
	case !Good(v):
		return 0
	case top <= 0:
		return 1
	}
	return min(n, 1+int(v/top*float64(n)))
}

// Bars draws a row of bars.
func Bars(st *style.Sheet, values []float64) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		b.WriteString(st.Glyph(string([]rune("▁▂▃▄▅▆▇█")[level(v, top*1.001, 8)-1]), string("._-=+*%#"[level(v, top*1.001, 8)-1])))
	}
	return b.String()
}
