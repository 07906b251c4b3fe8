package chart

import (
	"math"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/node/fleet"
	"landfall/tui/style"
)

// TestHeatRows: the highest latency is on top, a second without responses is empty, and the percentiles are drawn over the shades.
func TestHeatRows(t *testing.T) {
	st := style.Must("none", true, termenv.Ascii)
	columns := make([]fleet.Heat, 3)
	columns[0][4], columns[0][13] = 999, 1 // columns[1]: nothing
	columns[2][13] = 10
	gap := math.NaN()
	rows := HeatRows(st, columns, []float64{gap, gap, gap}, []float64{gap, gap, fleet.HeatEdge(13) * 1.1}, 3, 10)
	top, bottom := string([]rune(rows[0])[Gutter:]), string([]rune(rows[len(rows)-1])[Gutter:])
	if len(rows) != 10 || top != ". @" || bottom != "#  " {
		t.Errorf("top %q, bottom %q:\n%s", top, bottom, strings.Join(rows, "\n"))
	}
	for _, row := range rows {
		if style.Width(row) != Gutter+3 {
			t.Errorf("%d columns: %q", style.Width(row), row)
		}
	}
}

// TestHeatLevel: shades range from a thousandth of a second's responses to all of them.
func TestHeatLevel(t *testing.T) {
	var c fleet.Heat
	if got := heatLevel(c, 0, fleet.HeatBands); got != -1 {
		t.Errorf("no responses have shade %d", got)
	}
	c[3], c[9] = 1, 999
	if got := heatLevel(c, 0, fleet.HeatBands); got != style.HeatSteps-1 {
		t.Errorf("all responses have shade %d", got)
	}
	if few, most := heatLevel(c, 3, 4), heatLevel(c, 9, 10); few != 0 || most <= few {
		t.Errorf("one of a thousand has shade %d, the others %d", few, most)
	}
}

// TestHeatLabels: round latencies label the rows that contain them; with many decades, only powers of ten.
func TestHeatLabels(t *testing.T) {
	st := style.Must("none", false, termenv.Ascii)
	for name, test := range map[string]struct {
		first, last int
		want        string
	}{
		"one decade":   {30, 44, "50ms 20ms 10ms 5ms"},
		"five decades": {0, 60, "1s 100ms 10ms 1ms 100µs 10µs"},
	} {
		var c fleet.Heat
		c[test.first], c[test.last] = 1, 1
		var labels []string
		for _, row := range HeatRows(st, []fleet.Heat{c}, []float64{math.NaN()}, []float64{math.NaN()}, 1, 20) {
			if label := strings.Trim(string([]rune(row)[:Gutter]), " │┤├"); label != "" {
				labels = append(labels, label)
			}
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
