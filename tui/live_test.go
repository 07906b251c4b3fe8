package tui

import (
	"strings"
	"testing"
	"time"

	"landfall/node"
	"landfall/tui/tuitest"
)

// TestLegendsOfARunThatIsOver: once a run has ended, legends show its figures, not those of its last second; the cursor still shows single
// seconds.
func TestLegendsOfARunThatIsOver(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		m := inState(t, "ended", size[0], size[1])
		contains(t, m, "p50 10.3ms", "p95 34.9ms", "p99 42.1ms") // as in the verdict
		press(m, "left")
		if screen := m.View(); !strings.Contains(screen, "p50 11.6ms") {
			t.Errorf("the cursor does not read the last second at %v:\n%s", size, screen)
		}
	}
}

// Drivers that left a while ago are not listed, and take no room.
func TestHiddenDriversTakeNoRoom(t *testing.T) {
	c := tuitest.New()
	c.Drivers(12)
	m := console(c, 120, 40)
	all := m.driversH()
	for i := 2; i < 12; i++ {
		c.Leave(i)
	}
	c.Clock = c.Clock.Add(40 * time.Second)
	for i := range 2 {
		c.Beat(i, node.Idle, "")
	}
	c.State.Tick(c.Clock)
	m.Update(changedMsg{})
	if got := m.driversH(); got >= all || got != 6 {
		t.Errorf("%d rows for 2 drivers, %d for 12", got, all)
	}
	contains(t, m, "10 gone: L shows", "drv-01")
}

// TestRoomForTheRun: with many drivers, the figures of the active run are complete and, once it has ended, its verdict with the keys is. Without
// a run, the list of drivers takes what events do not need.
func TestRoomForTheRun(t *testing.T) {
	for _, size := range [][2]int{{120, 40}, {200, 60}} {
		c := tuitest.New()
		c.Drivers(50)
		m := console(c, size[0], size[1])
		if got, want := len(m.Sample.Rows), min(50, size[1]-20); got < want {
			t.Errorf("%v: %d idle drivers are visible, want %d", size, got, want)
		}
		c.Configure("tsunami-7", 50)
		c.Start("tsunami-7", 50, "me")
		for i := range 5 {
			c.Second("tsunami-7", i, 50, nil, 3)
		}
		m.Update(changedMsg{})
		contains(t, m, "in flight", "timeout errors", "schedule lag p99", "50 of 50", "coverage", "drv-05")
		c.Finish("tsunami-7")
		press(m, "left", "right")
		contains(t, m, "failed", "lag p99", "status 200", "R again", "f findings", "drv-04")
	}
}
