package chart

import "iter"

// dot is a place on a plot's grid, the origin at its upper left.
type dot struct{ x, y int }

// line are the dots from a to b, both among them, as Bresenham draws them.
func line(a, b dot) iter.Seq[dot] {
	return func(yield func(dot) bool) {
		dx, dy := abs(b.x-a.x), -abs(b.y-a.y)
		sx, sy := sign(b.x-a.x), sign(b.y-a.y)
		for err := dx + dy; yield(a) && a != b; {
			twice := 2 * err
			if twice >= dy {
				err += dy
				a.x += sx
			}
			if twice <= dx {
				err += dx
				a.y += sy
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

func sign(n int) int { return min(1, max(-1, n)) }
