package tui

import (
	"strings"
	"testing"
)

// TestLegendsOfARunThatIsOver: once a run is over, legends have its figures, not those of its last second; the cursor still
// reads seconds.
func TestLegendsOfARunThatIsOver(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		m := inState(t, "ended", size[0], size[1])
		contains(t, m, "p50 10.3ms", "p95 34.9ms", "p99 42.1ms") // as the verdict has them
		press(m, "left")
		if screen := m.View(); !strings.Contains(screen, "p50 11.6ms") {
			t.Errorf("the cursor does not read the last second at %v:\n%s", size, screen)
		}
	}
}
