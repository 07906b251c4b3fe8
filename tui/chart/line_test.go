package chart

import (
	"slices"
	"testing"

	"github.com/NimbleMarkets/ntcharts/canvas"
)

// A line starts and ends at its end points, each dot touches the one before, and it has as many dots as its
// longer side.
func TestLine(t *testing.T) {
	for _, ends := range [][2]canvas.Point{{{X: 0, Y: 0}, {X: 0, Y: 0}}, {{X: 0, Y: 0}, {X: 9, Y: 0}}, {{X: 0, Y: 9}, {X: 0, Y: 0}}, {{X: 1, Y: 2}, {X: 9, Y: 5}}, {{X: 9, Y: 5}, {X: 1, Y: 2}}, {{X: 3, Y: 0}, {X: 5, Y: 40}}, {{X: 5, Y: 40}, {X: 3, Y: 0}}, {{X: 0, Y: 0}, {X: 7, Y: 7}}} {
		a, b := ends[0], ends[1]
		dots := slices.Collect(line(a, b))
		if !slices.Contains(dots, a) || !slices.Contains(dots, b) || len(dots) != 1+max(abs(b.X-a.X), abs(b.Y-a.Y)) {
			t.Errorf("%v to %v: %v", a, b, dots)
		}
		for i := 1; i < len(dots); i++ {
			if abs(dots[i].X-dots[i-1].X) > 1 || abs(dots[i].Y-dots[i-1].Y) > 1 {
				t.Errorf("%v to %v: %v does not touch %v", a, b, dots[i], dots[i-1])
			}
		}
	}
}
