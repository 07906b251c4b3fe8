package chart

import (
	"landfall/node/figures"
	"landfall/tui/style"
	"math"
	"testing"
)

// Any values may be passed to a chart.
func FuzzChart(f *testing.F) {
	f.Add(10, 4, 5, 1.0, 2.0, true)
	f.Add(80, 24, 300, -1.0, 1e300, false)
	f.Fuzz(func(t *testing.T, w, h, n int, a, b float64, log bool) {
		w, h, n = w%200, h%80, max(0, n%400)
		values := make([]float64, n)
		for i := range values {
			values[i] = []float64{a, b, math.NaN(), a * b, a / b}[i%5]
		}
		st := style.Must("none", n%2 == 0, 0)
		lines := Chart{Title: "x", Log: log, Unit: figures.ShortMicros, Cursor: n % 7, Marks: []Mark{{At: n}, {At: -1}, {At: 3, Label: "✖drv"}, {At: n - 1, Label: "long label"}}, From: n, Partial: make([]bool, n/2)}.Lines(st, []Series{{Name: "a", Values: values, Shape: Area}, {Name: "s", Values: values, Plain: Dotted}}, w, h)
		if len(lines) != max(h, 0) {
			t.Fatalf("%d lines, want %d", len(lines), h)
		}
		for _, line := range lines {
			if style.Width(line) != max(w, 0) {
				t.Fatalf("%q is %d wide, want %d", line, style.Width(line), w)
			}
		}
	})
}
