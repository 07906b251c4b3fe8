package tui

import (
	"testing"

	"landfall/tui/keys"
)

// Esc closes one overlay or restriction at a time, the innermost first, down to the plain live page.
func TestBack(t *testing.T) {
	m := inState(t, "running", 120, 40)
	press(m, "2", " ", "/", "d", "r", "v", "enter", "z", "left")
	for _, undone := range []func() bool{
		func() bool { return m.charts.Cursor < 0 }, func() bool { return m.charts.Zoom == 0 }, func() bool { return m.drivers.Filter == "" },
		func() bool { return len(m.drivers.Marked) == 0 }, func() bool { return m.page == keys.PageLive },
	} {
		if undone() {
			t.Error("one esc undid more than one thing")
		}
		if press(m, "esc"); !undone() {
			t.Errorf("esc undid nothing:\n%s", m.View())
		}
	}
}

// The page of a driver follows the selection, and shows that driver's charts until it is closed.
func TestDetailFollows(t *testing.T) {
	m := inState(t, "running", 120, 40)
	press(m, "enter")
	contains(t, m, "Throughput of drv-01")
	press(m, "down")
	contains(t, m, "Throughput of drv-02", "host-2")
	press(m, "esc")
	if m.charts.Only != "" || m.top() != nil {
		t.Errorf("after esc the charts are of %q", m.charts.Only)
	}
}

// TestDriverOfARunThatIsOver: the charts and trends of drivers stay until the next run, with the seconds of the run, and are drawn below the
// list of drivers, too.
func TestDriverOfARunThatIsOver(t *testing.T) {
	m := inState(t, "ended-detail", 120, 40)
	contains(t, m, "Throughput of drv-01", "sent 1k/s", "p99 42.1ms")
	press(m, "esc", "2")
	contains(t, m, "Throughput of drv-01", "rate 60s", "⠒⠒⠒⠒")
	if w := m.Sample.Run.Window; w.Newest < 18 {
		t.Errorf("the newest second is %d", w.Newest)
	}
}
