package tui

import (
	"strings"
	"testing"

	"landfall/tui/tuitest"
)

// TestNoResponses: without responses no latency is shown, not even 0 µs, while the run is active, at its end and in the history, and the
// heat map has no axis.
func TestNoResponses(t *testing.T) {
	for _, size := range sizes {
		c := tuitest.New()
		running(c, 1, 0)
		for i := range 5 {
			c.Clock = c.Clock.Add(1e9)
			c.Fail("tsunami-7", i, 0)
			c.State.Tick(c.Clock)
		}
		m := console(c, size[0], size[1])
		check := func(when string) {
			t.Helper()
			if screen := m.View(); strings.Contains(screen, " 0µs") || m.Roomy() && m.page == 0 && !strings.Contains(screen, "no responses") {
				t.Errorf("%s at %d columns:\n%s", when, size[0], screen)
			}
			checkFrame(t, m, when)
		}
		check("active")
		c.Finish("tsunami-7")
		_, cmd := m.Update(changedMsg{})
		carry(m, cmd)
		check("at its end")
		press(m, "4")
		check("in the history")
	}
}
