package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/figures"
	"landfall/tui/style"
)

// rows draws series without their legend and axes.
func rows(c Chart, st *style.Sheet, ss []Series, w, h int) []string {
	c.Unit, c.Cursor, c.Newest = figures.ShortRate, -1, -1
	lines := c.Lines(st, ss, Gutter+w, h+2)
	var out []string
	for _, line := range lines[1 : len(lines)-1] {
		out = append(out, string([]rune(line)[Gutter:]))
	}
	return out
}

// constant returns n times a value.
func constant(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

var plain = style.Must("none", false, termenv.Ascii)

// A few failures are a thin line at the bottom, and their height is their share of the axis.
func TestHeightOfBlocks(t *testing.T) {
	answered := Series{Values: constant(95, 20), Shape: Area}
	for failed, want := range map[float64]string{0.5: "⡇▁", 5: "⡇▂", 25: "⡇█", 30: "▂█"} {
		got := rows(Chart{}, plain, []Series{{Values: constant(failed, 20), Shape: Area, Blocks: true}, answered}, 20, 4) // up to 100
		if column := string([]rune(got[2])[0]) + string([]rune(got[3])[0]); column != want {
			t.Errorf("%g of 100 is %q, want %q:\n%s", failed, column, want, strings.Join(got, "\n"))
		}
	}
}

// The line of what was sent does not hide the edge of the responses, but appears where they fall behind.
func TestNearLineIsNotDrawn(t *testing.T) {
	answered := append(constant(95, 10), constant(40, 10)...)
	got := rows(Chart{}, style.Must("none", true, termenv.Ascii), []Series{{Values: answered, Shape: Area, Sign: ':'}, {Values: constant(96, 20), Near: answered, Sign: 's'}}, 20, 10)
	top := got[0]
	if !strings.HasPrefix(top, ":::::") || !strings.HasSuffix(top, "sssss") {
		t.Errorf("%q", top)
	}
}

// Seconds that only some drivers have reported are a row of dots under a sign, and named in the legend; the area is not filled, and nothing
// looks like a fall of the rate.
func TestPartialIsALowerBound(t *testing.T) {
	partial := make([]bool, 20)
	for i := 8; i < 14; i++ {
		partial[i] = true
	}
	values := append(append(constant(95, 8), constant(60, 6)...), constant(95, 6)...)
	c := Chart{Partial: partial, Unit: figures.ShortRate, Cursor: -1, Newest: -1}
	for _, ascii := range []bool{false, true} {
		st := style.Must("none", ascii, termenv.Ascii)
		text := strings.Join(c.Lines(st, []Series{{Name: "answered", Values: values, Shape: Area, Sign: ':'}}, Gutter+60, 12), "\n")
		if sign := st.Glyph("≥", ">"); !strings.Contains(text, sign) || !strings.Contains(text, "at least") {
			t.Errorf("not named:\n%s", text)
		}
	}
	got := rows(c, style.Must("none", true, termenv.Ascii), []Series{{Values: values, Shape: Area, Sign: ':'}}, 20, 10)
	if bottom := got[9]; bottom[9:13] != "    " || bottom[:7] != ":::::::" {
		t.Errorf("filled: %q", bottom)
	}
	if !strings.Contains(strings.Join(got, ""), "^") {
		t.Errorf("no bound:\n%s", strings.Join(got, "\n"))
	}
}

// Without colours, p95 has one dot in each column, however steep it is, p99 is hatched, and p50 is a line: no two look alike.
func TestLinesWithoutColours(t *testing.T) {
	var steep []float64
	for i := range 40 {
		steep = append(steep, 10+80*float64(i%2))
	}
	count := func(s Series) (dots int) {
		for _, row := range rows(Chart{}, plain, []Series{s}, 20, 10) {
			for _, r := range row {
				for bits := r - 0x2800; bits > 0; bits >>= 1 {
					dots += int(bits & 1)
				}
			}
		}
		return dots
	}
	line, points, area := count(Series{Values: steep}), count(Series{Values: steep, Plain: Dotted}), count(Series{Values: steep, Plain: Area})
	if points != 40 || line < 10*points || area == line {
		t.Errorf("a line has %d dots, points %d, an area %d", line, points, area)
	}
	symbols := map[string]bool{}
	for _, s := range []Series{{}, {Plain: Dotted}, {Plain: Area}, {Shape: Dashed, Plain: Dashed}, {Shape: Area, Blocks: true}} {
		symbols[s.symbol(plain)] = true
	}
	if len(symbols) != 5 {
		t.Errorf("symbols: %v", symbols)
	}
}

// A line takes the place of the area below it in a cell, and keeps its own colour: the area does not take on that of the line.
func TestLineOverArea(t *testing.T) {
	st := style.Must("dark", false, termenv.TrueColor)
	text := strings.Join(rows(Chart{}, st, []Series{{Pen: st.P95, Values: constant(60, 40)}, {Pen: st.Answered, Values: constant(80, 40), Shape: Area}}, 20, 4), "\n")
	if !strings.Contains(text, st.P95.On+strings.Repeat("⠤", 20)) {
		t.Errorf("%q", text)
	}
}

// A gap of one series is none of another.
func TestHeightOfBlocksEndsAtGaps(t *testing.T) {
	values := append(append(constant(50, 8), constant(math.NaN(), 4)...), constant(50, 8)...)
	bottom := rows(Chart{}, plain, []Series{{Values: values, Shape: Area, Blocks: true}}, 20, 4)[3]
	if got := strings.Fields(bottom); len(got) != 2 {
		t.Errorf("%q", bottom)
	}
}

// Lines that share cells alternate, each with its own height and colour.
func TestLinesTakeTurns(t *testing.T) {
	st := style.Must("dark", false, termenv.TrueColor)
	ss := []Series{{Pen: st.P50, Values: constant(70, 40), Layer: 2}, {Pen: st.P95, Values: constant(74, 40)}, {Pen: st.P99, Values: constant(78, 40), Layer: 1}}
	text := strings.Join(rows(Chart{}, st, ss, 20, 4), "\n")
	for _, s := range ss {
		if n := strings.Count(text, s.Pen.On); n < 6 {
			t.Errorf("%q is drawn %d times: %q", s.Pen.On, n, text)
		}
	}
}
