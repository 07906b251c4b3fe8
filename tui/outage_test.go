package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/tui/style"
	"landfall/tui/tuitest"
)

// While the broker is unreachable, old figures do not look live: the page is faint, ages and the outage grow, and start and end of the
// outage are events.
func TestOutageIsSeen(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	m := console(c, 120, 40)
	m.Style = style.Must("dark", false, 0)
	now := tuitest.Start
	m.clock = func() time.Time { return now }
	m.Update(changedMsg{})
	live := m.View()
	c.Trouble = errors.New("connection refused")
	m.Update(changedMsg{})
	was := m.Sample.Rows[0].Age
	now = now.Add(7 * time.Second)
	m.Update(changedMsg{})
	contains(t, m, "DISCONNECTED 7", "Kafka is unreachable")
	if got := m.Sample.Rows[0].Age - was; got != 7*time.Second {
		t.Errorf("ages grow by %s in 7 s", got)
	}
	running, page := m.Style.Good.On+"● running", m.View()
	if !strings.Contains(live, running) || strings.Contains(page, running) {
		t.Error("drivers are as bright as before")
	}
	c.Trouble = nil
	c.Clock = c.Clock.Add(8 * time.Second)
	now = now.Add(time.Second)
	c.State.Tick(c.Clock)
	m.Update(changedMsg{})
	contains(t, m, "Kafka is unreachable; drivers keep running", "Kafka is reachable again after 8.0s")
}
