package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/fleet"
	"landfall/node/remote/hosts"
	"landfall/tui/keys"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// detail is the page of the selected driver; up and down select other drivers.
type detail struct{}

func (*detail) scope() keys.Scope              { return keys.InDetail }
func (*detail) full() bool                     { return true }
func (*detail) typing() bool                   { return false }
func (*detail) key(*model, tea.KeyMsg) tea.Cmd { return nil }
func (*detail) layout(*model, int, int)        {}

func (d *detail) lines(m *model, w, h int) []string {
	r := m.Sample.Selected
	if r == nil {
		return style.Block([]string{m.Style.Dim.Paint(" this driver no longer exists")}, w, h)
	}
	facts := m.Facts(*r, w-4)
	top := min(len(facts)+2, h)
	lines := m.Style.Panel(r.ID, m.Style.Dim.Paint("driver"), facts, w, top)
	if events := m.EventsOf(r.ID, w-4); len(events) > 0 && h-top >= 24 {
		tall := min(len(events), 6) + 2
		lines = append(lines, m.Style.Panel("Events of this driver", m.hint(m.keyOf("driver-log"), "all"), events[max(0, len(events)-6):], w, tall)...)
		top += tall
	}
	if rest := h - top; rest >= 6 {
		if m.Sample.Run != nil && m.Sample.Run.Window.Only == r.ID {
			lines = append(lines, m.charts.Lines(&m.Display, w, rest)...)
		} else {
			lines = append(lines, style.Block([]string{"", m.Style.Dim.Paint("  no active run")}, w, rest)...)
		}
	}
	return style.Block(lines, w, h)
}

// move moves the selection on this page, or scrolls the text on top of it.
func (m *model) move(n int) tea.Cmd {
	if t, is := m.top().(*textPage); is {
		t.scroll(n)
		return nil
	}
	switch {
	case m.top() == nil && m.page == keys.PageEvents:
		m.events.Move(&m.Sample, n)
	case m.top() == nil && m.page == keys.PageHistory:
		m.history.Move(&m.Sample, n)
	default:
		m.drivers.Move(&m.Sample, n)
	}
	return nil
}

// enter opens the selected item.
func (m *model) enter(string) tea.Cmd {
	switch {
	case m.top() != nil:
		return m.back("")
	case m.page == keys.PageHistory:
		return m.openRun()
	case m.page == keys.PageEvents || m.Sample.Cursor == "":
		return nil
	}
	m.drivers.Hold(&m.Sample)
	m.charts.Only = m.Sample.Cursor
	return m.open(&detail{})
}

// back closes the topmost overlay, or removes the innermost restriction of what is shown.
func (m *model) back(string) tea.Cmd {
	c := &m.charts
	switch top := m.top(); {
	case top != nil:
		if _, is := top.(*detail); is {
			c.Only = ""
		}
		m.close(top)
	case c.Cursor >= 0:
		c.Cursor = -1
	case c.Only != "":
		c.Only = ""
	case c.Shown != nil:
		c.Shown = nil
	case c.Zoom > 0:
		c.Zoom = 0
	case m.filter() != "":
		m.setFilter("")
	case len(m.drivers.Marked) > 0:
		clear(m.drivers.Marked)
	case m.page != keys.PageLive:
		m.page = keys.PageLive
	}
	return nil
}

// follow switches the charts between the selected driver and the fleet.
func (m *model) follow(string) tea.Cmd {
	if m.charts.Only != "" || m.Sample.Cursor == "" {
		m.charts.Only = ""
	} else {
		m.charts.Only = m.Sample.Cursor
	}
	return nil
}

// turn shows a page without overlays.
func (m *model) turn(p keys.Page) tea.Cmd {
	if len(m.overlays) > 0 {
		m.charts.Only = ""
	}
	m.keepUnsent()
	m.page, m.overlays = p, nil
	return nil
}

func (m *model) hasDriver() bool { return m.Sample.Cursor != "" }

// openDriverLog opens the log of the selected driver, scrolled to its newest line.
func (m *model) openDriverLog(string) tea.Cmd {
	id := m.Sample.Cursor
	return m.open(&textPage{title: "Log of " + id, end: true, make: func(m *model, w int) []string { return m.driverLog(id, w) }})
}

// driverLog returns all events about a driver in lines of w columns, and where the driver's own log is, since no topic contains that.
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

// ownLog returns where a driver's own log is.
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
