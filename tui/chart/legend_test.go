package chart

import (
	"strings"
	"testing"

	"landfall/node/figures"
	"landfall/tui/style"
)

// Before a series falls out of the legend, gaps become narrower, the note is dropped, and the unit, which the axis shows too.
func TestLegendFits(t *testing.T) {
	var ss []Series
	for _, name := range []string{"answered", "failed", "sent", "asked"} {
		ss = append(ss, Series{Name: name, Values: []float64{500}})
	}
	for w, want := range map[int][]string{
		90: {"whole run", "answered 500/s  ", "asked 500/s"},
		80: {"whole run", "answered 500/s ━", "asked 500/s"},
		72: {"whole run", "answered 500 ", "asked 500"},
		62: {"answered 500 ", "asked 500"},
		40: {"answered 500 ", "failed 500"},
	} {
		line := Chart{Title: "Throughput", Note: "whole run", Unit: figures.ShortRate, Cursor: -1}.legend(plain, ss, w)
		for _, part := range want {
			if !strings.Contains(line, part) {
				t.Errorf("in %d columns, no %q: %q", w, part, line)
			}
		}
		if style.Width(line) != w {
			t.Errorf("%d columns: %q", w, line)
		}
	}
}
