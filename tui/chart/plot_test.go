package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/figures"
	"landfall/tui/style"
)

// drawn returns a plot of one series in ASCII, without its legend and axes.
func drawn(s Series, w, h int) []string {
	lines := Chart{Unit: figures.ShortRate, Cursor: -1, Newest: -1}.Lines(style.Must("none", true, termenv.Ascii), []Series{s}, w, h)
	var rows []string
	for _, line := range lines[1 : len(lines)-1] {
		rows = append(rows, string([]rune(line)[Gutter:]))
	}
	return rows
}

// TestNothingIsNoArea: an area is not drawn for seconds without failures.
func TestNothingIsNoArea(t *testing.T) {
	rows := drawn(Series{Name: "failed", Values: []float64{0, 0, 0, 0, 8, 8}, Shape: Area, Blocks: true, Sign: '#'}, Gutter+12, 6)
	if bottom := rows[len(rows)-1]; strings.TrimLeft(bottom, " ") == bottom || !strings.HasSuffix(bottom, "#") {
		t.Errorf("the last row is %q, want its beginning empty and its end filled", bottom)
	}
	for _, row := range drawn(Series{Values: []float64{0, 0, 0}, Shape: Area, Sign: ':'}, Gutter+12, 6) {
		if strings.TrimSpace(row) != "" {
			t.Errorf("an area of nothing draws %q", row)
		}
	}
	if rows := drawn(Series{Values: []float64{0, 0, 0}, Sign: 'o'}, Gutter+12, 6); strings.TrimSpace(rows[len(rows)-1]) == "" {
		t.Error("a line at nothing is not drawn")
	}
}

// TestAGapIsAGap: seconds without measurements are neither drawn nor bridged.
func TestAGapIsAGap(t *testing.T) {
	rows := drawn(Series{Values: []float64{5, 5, math.NaN(), math.NaN(), 5, 5}, Sign: 'o'}, Gutter+12, 6)
	if got := strings.Fields(strings.Join(rows, "")); len(got) != 2 {
		t.Errorf("%d strokes, want 2: %q", len(got), rows)
	}
}

func TestNiceMax(t *testing.T) {
	for v, want := range map[float64]float64{0: 1, -3: 1, math.Inf(1): 1, 1: 1.5, 95: 100, 99: 150, 300: 400, 1000: 1500} {
		if got := niceMax(v); got != want {
			t.Errorf("the axis up to %g ends at %g, want %g", v, got, want)
		}
	}
}
