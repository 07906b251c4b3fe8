package chart

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/figures"
	"landfall/tui/style"
)

// TestLabelsOfMarks: labels that would touch move to the next row, the worst have precedence, and a label at the right edge is before its
// mark.
func TestLabelsOfMarks(t *testing.T) {
	values := make([]float64, 40)
	for i := range values {
		values[i] = 1
	}
	marks := []Mark{{At: 9, Label: "changed"}, {At: 10, Label: "✖drv-2", Bad: true}, {At: 14, Label: "✖drv-4", Bad: true}, {At: 39, Label: "■"}}
	lines := Chart{Unit: figures.ShortRate, Cursor: -1, Newest: 39, Marks: marks}.Lines(style.Must("none", false, termenv.Ascii), []Series{{Values: values}}, Gutter+40, 14)
	rows := []string{string([]rune(lines[1])[Gutter:]), string([]rune(lines[2])[Gutter:])}
	if !strings.Contains(rows[0], "✖drv-2") || !strings.Contains(rows[1], "✖drv-4") || !strings.Contains(rows[0], "■┊") {
		t.Errorf("labels:\n%s\n%s", rows[0], rows[1])
	}
	if strings.Contains(rows[0]+rows[1], "✖drv-2✖") || strings.Contains(rows[0], "changed") {
		t.Errorf("labels touch:\n%s\n%s", rows[0], rows[1])
	}
}

// TestWarmupIsShaded: the columns of the warm-up, and no others, are shaded where there is no line.
func TestWarmupIsShaded(t *testing.T) {
	c := Chart{Unit: figures.ShortRate, Cursor: -1, Newest: -1, Warmup: 10}
	values := make([]float64, 40)
	for i := range values {
		values[i] = 1
	}
	top := []rune(c.Lines(style.Must("none", false, termenv.Ascii), []Series{{Values: values}}, Gutter+40, 10)[4])[Gutter:]
	if got := strings.TrimRight(string(top), " "); got != strings.Repeat("░", 10) {
		t.Errorf("%q", got)
	}
}
