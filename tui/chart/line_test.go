package chart

import (
	"slices"
	"testing"
)

// A line begins and ends where it should, each dot touches the one before, and it is as long as its longer side.
func TestLine(t *testing.T) {
	for _, ends := range [][2]dot{{{0, 0}, {0, 0}}, {{0, 0}, {9, 0}}, {{0, 9}, {0, 0}}, {{1, 2}, {9, 5}}, {{9, 5}, {1, 2}}, {{3, 0}, {5, 40}}, {{5, 40}, {3, 0}}, {{0, 0}, {7, 7}}} {
		a, b := ends[0], ends[1]
		dots := slices.Collect(line(a, b))
		if dots[0] != a || dots[len(dots)-1] != b || len(dots) != 1+max(abs(b.x-a.x), abs(b.y-a.y)) {
			t.Errorf("%v to %v: %v", a, b, dots)
		}
		for i := 1; i < len(dots); i++ {
			if abs(dots[i].x-dots[i-1].x) > 1 || abs(dots[i].y-dots[i-1].y) > 1 {
				t.Errorf("%v to %v: %v does not touch %v", a, b, dots[i], dots[i-1])
			}
		}
	}
}
