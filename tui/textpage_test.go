package tui

import (
	"strings"
	"testing"

	"landfall/tui/style"
)

// A report that is wider than the screen can be read in full.
func TestSideways(t *testing.T) {
	m := inState(t, "report", 62, 24)
	before := m.View()
	if !strings.Contains(before, "sideways") {
		t.Fatalf("a report wider than the screen is cut:\n%s", before)
	}
	widest := ""
	for _, line := range m.top().(*textPage).text {
		if style.Width(line) > style.Width(widest) {
			widest = line
		}
	}
	for range 9 {
		press(m, "right")
	}
	end := strings.TrimRight(widest, " ")
	contains(t, m, end[len(end)-8:])
	for range 9 {
		press(m, "left")
	}
	if now := m.View(); now != before {
		t.Errorf("back at the left:\n%s", now)
	}
}
