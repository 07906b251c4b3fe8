package tui

import (
	"testing"
	"time"

	"landfall/tui/tuitest"
)

// What is given to the chart's door may be anything.
func FuzzChart(f *testing.F) {
	f.Add(10, 4, 5, 1.0, 2.0, true)
	f.Add(80, 24, 300, -1.0, 1e300, false)
	f.Fuzz(func(t *testing.T, w, h, n int, a, b float64, log bool) {
		w, h, n = w%200, h%80, max(0, n%400)
		values := make([]float64, n)
		for i := range values {
			values[i] = []float64{a, b, gap, a * b, a / b}[i%5]
		}
		st := mustStyles("none", n%2 == 0, 0)
		lines := chart{title: "x", log: log, unit: micro, cursor: n % 7, marks: []mark{{at: n}, {at: -1}, {at: 3, label: "✖drv"}, {at: n - 1, label: "long label"}}, from: n, partial: make([]bool, n/2)}.lines(st, []series{{name: "a", values: values, shape: area}, {name: "s", values: values, plain: dotted}}, w, h)
		if len(lines) != max(h, 0) {
			t.Fatalf("%d lines, want %d", len(lines), h)
		}
		for _, line := range lines {
			if width(line) != max(w, 0) {
				t.Fatalf("%q is %d wide, want %d", line, width(line), w)
			}
		}
	})
}

func BenchmarkFrame(b *testing.B) {
	for name, n := range map[string]int{"3 drivers": 3, "1000 drivers": 1000} {
		b.Run(name, func(b *testing.B) {
			c := tuitest.New()
			running(c, n, 30)
			m := console(c, 120, 40)
			m.st = mustStyles("dark", false, 0)
			b.ReportAllocs()
			for b.Loop() {
				m.Update(changedMsg{})
				m.View()
			}
		})
	}
}

// BenchmarkKey is from a key to the frame that shows it.
func BenchmarkKey(b *testing.B) {
	c := tuitest.New()
	running(c, 1000, 30)
	m := console(c, 120, 40)
	b.ReportAllocs()
	worst := time.Duration(0)
	for b.Loop() {
		began := time.Now()
		m.Update(keyOf("down"))
		m.View()
		worst = max(worst, time.Since(began))
	}
	b.ReportMetric(float64(worst.Microseconds()), "worst-µs")
}
