package sample

import (
	"testing"

	"landfall/tui/tuitest"
)

// All words of a filter must be found, and none of those after a !.
func TestFilter(t *testing.T) {
	for filter, want := range map[Filter]int{"": 10, "drv-0": 9, "zone=eu-1": 4, "!zone=eu-1": 6, "host-1 zone=eu-1": 1, "nothing": 0, "!": 10} {
		c := tuitest.New()
		c.Drivers(10)
		n := 0
		for _, d := range c.State.Drivers() {
			if filter.Matches(d) {
				n++
			}
		}
		if n != want {
			t.Errorf("%q matches %d, want %d", filter, n, want)
		}
	}
}
