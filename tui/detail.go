package tui

import (
	tea "github.com/charmbracelet/bubbletea"
)

// detail is the page of one driver: the one that is selected, so that up and down go through the fleet.
type detail struct{}

func (*detail) scope() scope                   { return inDetail }
func (*detail) full() bool                     { return true }
func (*detail) typing() bool                   { return false }
func (*detail) key(*model, tea.KeyMsg) tea.Cmd { return nil }
func (*detail) layout(*model, int, int)        {}

func (d *detail) lines(m *model, w, h int) []string {
	r := m.s.selected
	if r == nil {
		return block([]string{m.st.dim.paint(" this driver is gone")}, w, h)
	}
	facts := m.facts(*r, w-4)
	top := min(len(facts)+2, h)
	lines := m.st.panel(r.id, m.st.dim.paint("driver"), facts, w, top)
	if events := m.eventsOf(r.id, w-4); len(events) > 0 && h-top >= 24 {
		tall := min(len(events), 6) + 2
		lines = append(lines, m.st.panel("Its last events", "", events[max(0, len(events)-6):], w, tall)...)
		top += tall
	}
	if rest := h - top; rest >= 6 {
		if m.s.run != nil && m.s.run.window.only == r.id {
			lines = append(lines, m.charts.lines(&m.display, w, rest)...)
		} else {
			lines = append(lines, block([]string{"", m.st.dim.paint("  no run to draw")}, w, rest)...)
		}
	}
	return block(lines, w, h)
}

// move moves what is selected on this page, or the text that lies over it.
func (m *model) move(n int) tea.Cmd {
	if t, is := m.top().(*textPage); is {
		t.scroll(n)
		return nil
	}
	switch {
	case m.top() == nil && m.page == pageEvents:
		m.events.move(&m.s, n)
	case m.top() == nil && m.page == pageHistory:
		m.history.move(&m.s, n)
	default:
		m.drivers.move(&m.s, n)
	}
	return nil
}

// enter opens what is selected.
func (m *model) enter(string) tea.Cmd {
	switch {
	case m.top() != nil:
		return m.back("")
	case m.page == pageHistory:
		return m.openRun()
	case m.page == pageEvents || m.s.cursor == "":
		return nil
	}
	m.charts.only = m.s.cursor
	return m.open(&detail{})
}

// back undoes the nearest thing that covers or narrows what is seen.
func (m *model) back(string) tea.Cmd {
	c := &m.charts
	switch top := m.top(); {
	case top != nil:
		if _, is := top.(*detail); is {
			c.only = ""
		}
		m.close(top)
	case c.cursor >= 0:
		c.cursor = -1
	case c.only != "":
		c.only = ""
	case c.shown != nil:
		c.shown = nil
	case c.zoom > 0:
		c.zoom = 0
	case m.drivers.filter != "":
		m.drivers.filter = ""
	case len(m.drivers.marked) > 0:
		clear(m.drivers.marked)
	case m.page != pageLive:
		m.page = pageLive
	}
	return nil
}

// follow lets the charts be of the selected driver, or of the fleet again.
func (m *model) follow(string) tea.Cmd {
	if m.charts.only != "" || m.s.cursor == "" {
		m.charts.only = ""
	} else {
		m.charts.only = m.s.cursor
	}
	return nil
}

// turn shows a page, without what lay over the one before.
func (m *model) turn(p page) tea.Cmd {
	if len(m.overlays) > 0 {
		m.charts.only = ""
	}
	m.page, m.overlays = p, nil
	return nil
}
