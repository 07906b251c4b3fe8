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
	header := strings.Join(strings.Split(page, "\n")[:4], "\n")
	if bright := m.Style.Good.On; strings.Contains(header, bright) || !strings.Contains(header, "as of 09:14:05") {
		t.Errorf("the header is as bright as before, or does not say how old its figures are: %q", header)
	}
	if foot := m.footer(); strings.Contains(foot, "stop") || strings.Contains(foot, "pause") || !strings.Contains(foot, "filter") {
		t.Errorf("keys that cannot work are offered: %q", foot)
	}
	c.Trouble = nil
	c.Clock = c.Clock.Add(8 * time.Second)
	now = now.Add(time.Second)
	c.State.Tick(c.Clock)
	m.Update(changedMsg{})
	contains(t, m, "Kafka is unreachable; drivers keep running", "Kafka is reachable again after 8.0s")
}

// The line about an outage names the broker and the cause, once.
func TestKafkaTrouble(t *testing.T) {
	for text, want := range map[string]string{
		"dial tcp 127.0.0.1:23000: connect: connection refused":                                       "Kafka 127.0.0.1:23000: connection refused",
		"no Kafka broker answers at a:9092, b:9092: dial tcp [::1]:9092: connect: connection refused": "Kafka [::1]:9092: connection refused",
		"no Kafka broker answers at 127.0.0.1:9092: no response in time (is it a Kafka broker?)":      "Kafka 127.0.0.1:9092: no response in time (is it a Kafka broker?)",
		"dial tcp 10.0.0.1:9092: i/o timeout":                                                         "Kafka 10.0.0.1:9092: i/o timeout",
		"EOF":                                                                                         "Kafka is unreachable: EOF",
		"context deadline exceeded":                                                                   "Kafka is unreachable: no response in time",
	} {
		if got := kafkaTrouble(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for w, want := range map[int]string{80: "✖ Kafka 127.0.0.1:9092: connection refused; figures as of 09:14:05 ", 120: "connection refused; figures as of 09:14:05; drivers keep running"} {
		m := inState(t, "cut-off", w, 24)
		contains(t, m, want)
	}
}
