package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/fleet"
	"landfall/node/remote/hosts"
	"landfall/tui/sample"
	"landfall/tui/style"
)

func (m *model) hasDriver() bool { return m.Sample.Cursor != "" }

// openDriverLog opens the log of the selected driver, scrolled to its newest line.
func (m *model) openDriverLog(string) tea.Cmd {
	id := m.Sample.Cursor
	return m.open(&textPage{title: "Log of " + id, end: true, make: func(m *model, w int) []string { return m.driverLog(id, w) }})
}

// driverLog is every event that concerns a driver in lines of w columns, and where to find what the driver itself logs: no topic has that.
func (m *model) driverLog(id string, w int) (lines []string) {
	m.conductor.View(func(st *fleet.State) {
		for _, e := range sample.EventsOf(st, id) {
			lines = append(lines, m.EventLines(e, m.lookingAt(), w)...)
		}
	})
	if len(lines) == 0 {
		lines = []string{m.Style.Dim.Paint("no events about this driver yet")}
	}
	note := "These are the fleet's events about this driver and its runs. Its own log is not sent over Kafka: " + m.ownLog(id)
	return append(lines, append([]string{""}, paintAll(m.Style.Dim, style.Wrap(note, w))...)...)
}

// ownLog says where a driver's own log is.
func (m *model) ownLog(id string) string {
	for _, host := range m.hostStates() {
		if slices.ContainsFunc(host.Drivers, func(d hosts.Driver) bool { return d.Name == id }) {
			return "`landfall fleet logs " + host.Host + "` shows it."
		}
	}
	return "it is on the standard error of `landfall driver` or, if that runs detached, in its data folder."
}

func paintAll(p style.Pen, lines []string) []string {
	for i, line := range lines {
		lines[i] = p.Paint(strings.TrimRight(line, " "))
	}
	return lines
}
