package tui

import (
	"testing"
	"time"

	"landfall/tui/style"
	"landfall/tui/tuitest"
)

func BenchmarkFrame(b *testing.B) {
	for name, n := range map[string]int{"3 drivers": 3, "1000 drivers": 1000} {
		b.Run(name, func(b *testing.B) {
			c := tuitest.New()
			running(c, n, 30)
			m := console(c, 120, 40)
			m.Style = style.Must("dark", false, 0)
			b.ReportAllocs()
			for b.Loop() {
				m.Update(changedMsg{})
				m.View()
			}
		})
	}
}

// BenchmarkKey measures the time from a key to the frame that shows its effect.
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
