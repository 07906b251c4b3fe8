package chart

import (
	"iter"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
)

// line yields the dots from a to b, inclusive. Most are neighbours, which need no allocation.
func line(a, b canvas.Point) iter.Seq[canvas.Point] {
	return func(yield func(canvas.Point) bool) {
		if abs(a.X-b.X) <= 1 && abs(a.Y-b.Y) <= 1 {
			_ = yield(a) && a != b && yield(b)
			return
		}
		for _, q := range graph.GetLinePoints(a, b) {
			if !yield(q) {
				return
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }
