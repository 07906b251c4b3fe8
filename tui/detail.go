package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
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

// eventsOf are the run's events that are about one driver.
func (m *model) eventsOf(id string, w int) (lines []string) {
	if m.s.run == nil {
		return nil
	}
	for _, e := range m.s.run.events {
		if e.NodeID == id {
			lines = append(lines, m.eventLine(e, m.s.run.id, w))
		}
	}
	return lines
}

// facts are what is known of a driver, name and value, in one or two columns.
func (m *model) facts(r driverRow, w int) []string {
	state, p := m.stateCell(r)
	limits := []string{}
	if r.maxRate > 0 {
		limits = append(limits, perSecond(r.maxRate))
	}
	if r.maxConnections > 0 {
		limits = append(limits, plural(r.maxConnections, "connection"))
	}
	if r.maxDuration > 0 {
		limits = append(limits, lasting(r.maxDuration))
	}
	if len(limits) == 0 {
		limits = []string{"none"}
	}
	offset := "not known yet"
	if r.withinUS >= 0 {
		offset = fmt.Sprintf("%+.1fms ± %.1fms", float64(r.offsetUS)/1e3, float64(r.withinUS)/1e3)
	}
	pairs := [][2]string{
		{"state", p.paint(state) + m.st.dim.paint("  heard "+age(r.age)+" ago")}, {"host", node.Clean(r.host, 80) + m.st.dim.paint(fmt.Sprintf("  %s, %.3g cores", node.Clean(r.os, 20), r.cores))},
		{"version", node.Clean(r.version, 40)}, {"labels", node.Clean(r.labels, 200)},
		{"may load", node.Clean(strings.Join(r.allow, ", "), 200)}, {"limits", strings.Join(limits, ", ")},
		{"clock", offset}, {"CPU, memory", fmt.Sprintf("%.0f%% of a core, %.0f MB", 100*r.cpu, float64(r.rss)/1e6)},
		{"rate, p99", dash(r.rate, perSecond) + ", " + dash(r.p99, micro)}, {"requests", whole(r.requests) + ", " + whole(r.failed) + " failed"},
	}
	if r.outbox > 0 {
		pairs = append(pairs, [2]string{"to be sent", plural(r.outbox, "snapshot")})
	}
	if r.note != "" {
		pairs = append(pairs, [2]string{"says", node.Clean(r.note, 240)})
	}
	cell := func(p [2]string) string { return m.st.dim.paint(fill(p[0], 12)) + " " + p[1] }
	var lines []string
	if w < 100 {
		for _, p := range pairs {
			lines = append(lines, cell(p))
		}
		return lines
	}
	for i := 0; i < len(pairs); i += 2 {
		line := fill(cell(pairs[i]), w/2)
		if i+1 < len(pairs) {
			line += cell(pairs[i+1])
		}
		lines = append(lines, line)
	}
	return lines
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
