package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// drawn returns a display with a run of n seconds, whose last seconds only one of two drivers has reported.
func drawn(n int) *Display {
	w := sample.NewWindow(0, n)
	for i := range n {
		w.Put(i, sample.Interval{At: i, Sent: 100, Answered: 100, P50: 1e3, P95: 2e3, P99: 3e3, Present: 2 - int64(i/(n-1)), Expects: 2})
	}
	return &Display{Style: style.Must("none", false, termenv.Ascii), W: 120, H: 40, Sample: sample.Sample{Run: &sample.Run{ID: "t", T0: time.Unix(1, 0), Active: true, Window: w}}}
}

// The legend of a second that some drivers have not reported shows lower bounds, and how many have reported; with a cursor it shows that
// second.
func TestLegendReads(t *testing.T) {
	v, p := drawn(10), NewCharts()
	text := strings.Join(p.Lines(v, 60, 24), "\n")
	for _, want := range []string{"1 of 2 drivers", "answered ≥100/s", "p99 ≈3ms"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q:\n%s", want, text)
		}
	}
	p.Read(v, 3)
	if text := strings.Join(p.Lines(v, 60, 24), "\n"); !strings.Contains(text, "at 00:07") || !strings.Contains(text, "answered 100/s") || strings.Contains(text, "1 of 2") {
		t.Errorf("three seconds ago:\n%s", text)
	}
	p.Read(v, 100)
	if p.Settle(v); p.Cursor != 0 {
		t.Errorf("second %d is read", p.Cursor)
	}
	for range 10 {
		p.Read(v, -1)
	}
	if p.Cursor >= 0 {
		t.Errorf("after the newest second, %d is read", p.Cursor)
	}
}

// While the run continues, the cursor stays at its second.
func TestTheCursorStays(t *testing.T) {
	v, p := drawn(10), NewCharts()
	p.Read(v, 3)
	v.Sample.Run.Window = drawn(20).Sample.Run.Window
	if p.Settle(v); !strings.Contains(strings.Join(p.Lines(v, 60, 24), "\n"), "at 00:07") {
		t.Errorf("second %d is read", p.Cursor)
	}
}

// Far more than the requested rate, as when a backlog is sent at once, does not flatten the chart: the axis ends, and a mark has the peak.
func TestBurstsDoNotFlattenCharts(t *testing.T) {
	v, p := drawn(10), NewCharts()
	w := v.Sample.Run.Window
	for i := range w.Asked {
		w.Asked[i] = 100
	}
	w.Sent[4], w.Answered[4] = 4000, 4000
	if text := strings.Join(p.Lines(v, 60, 24), "\n"); !strings.Contains(text, "150/s") || !strings.Contains(text, "▲4k/s") {
		t.Error(text)
	}
}

// The period ranges from the shortest to the fitted one.
func TestStretch(t *testing.T) {
	v, p := drawn(90), NewCharts()
	if got := p.Stretch(v, 1); got != "up to the planned end" {
		t.Errorf("%q", got)
	}
	if got := p.Stretch(v, -1) + ", " + p.Stretch(v, -1) + ", " + p.Stretch(v, -1); got != "whole run, last 1m, last 30s" { // longer periods show the same
		t.Errorf("%q", got)
	}
	for range 20 {
		p.Stretch(v, -1)
	}
	if p.Seconds() != 30 || p.Stretch(v, 1) != "last 1m" || p.Stretch(v, 1) != "whole run" {
		t.Errorf("%d seconds", p.Seconds())
	}
}

// A past run is drawn over another, never over itself.
func TestNotOverItself(t *testing.T) {
	v, p := drawn(10), NewCharts()
	p.Base = &Past{ID: "t", Window: v.Sample.Run.Window}
	if text := strings.Join(p.Lines(v, 60, 24), "\n"); strings.Contains(text, "base") {
		t.Errorf("over itself:\n%s", text)
	}
	p.Base.ID = "other"
	if text := strings.Join(p.Lines(v, 60, 24), "\n"); !strings.Contains(text, "over other") {
		t.Errorf("over another:\n%s", text)
	}
}

// The area of p99 reaches down to the next lower percentile that is known: single drivers report no p95.
func TestAreaOfP99(t *testing.T) {
	st := style.Must("dark", false, termenv.TrueColor)
	for _, p95 := range []float64{2e3, sample.Gap} {
		w := sample.NewWindow(0, 3)
		for i := range 3 {
			w.Put(i, sample.Interval{At: i, Sent: 1, Answered: 1, P50: 1e3, P95: p95, P99: 3e3, Present: 1, Expects: 1})
			w.P95[i] = p95
		}
		p := NewCharts()
		area := p.latency(st, w)[0]
		if want := map[bool]float64{true: 2e3, false: 1e3}[chart.Good(p95)]; area.Floor[1] != want {
			t.Errorf("p95 %v: the area reaches down to %v, want %v", p95, area.Floor[1], want)
		}
	}
}
