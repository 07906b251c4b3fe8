package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/fleet"
)

// detail is the page of one driver: the one that is selected, so that up and down go through the fleet.
type detail struct{}

func (*detail) full() bool   { return true }
func (*detail) typing() bool { return false }

func (d *detail) key(m *model, k tea.KeyMsg) (bool, tea.Cmd) {
	switch m.actionOf(k.String()) {
	case "back", "quit", "open":
		m.q.only = ""
		return true, nil
	case "up", "down", "kill", "stop", "faster", "slower", "pause", "log", "shorter", "longer", "freeze", "earlier", "later", "help":
		cmd := m.dispatch(k.String())
		m.look()
		m.q.only = m.s.cursor
		return false, cmd
	}
	return false, nil
}

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
			lines = append(lines, m.charts(w, rest)...)
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
			lines = append(lines, m.eventLine(e, w))
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
		{"rate, p99", dash(r.rate, perSecond) + ", " + dash(r.p99, micro)}, {"requests", whole(r.requests) + ", " + whole(r.errors) + " errors"},
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

// enter opens what is selected.
func (m *model) enter(string) tea.Cmd {
	switch m.page {
	case pageHistory:
		return m.openRun()
	case pageEvents:
		return nil
	}
	if m.s.cursor == "" {
		return nil
	}
	m.q.only = m.s.cursor
	return m.open(&detail{})
}

// back undoes the nearest thing that narrows what is seen.
func (m *model) back(string) tea.Cmd {
	switch {
	case m.cursor >= 0:
		m.cursor = -1
	case m.q.only != "":
		m.q.only = ""
	case m.shown != nil:
		m.shown = nil
	case m.zoom > 0:
		m.zoom = 0
	case m.q.filter != "":
		m.q.filter = ""
	case len(m.marked) > 0:
		clear(m.marked)
	case m.page != pageLive:
		m.page = pageLive
	}
	return nil
}

// follow lets the charts be of the selected driver, or of the fleet again.
func (m *model) follow(string) tea.Cmd {
	if m.q.only != "" || m.s.cursor == "" {
		m.q.only = ""
	} else {
		m.q.only = m.s.cursor
	}
	return nil
}

func (m *model) turn(p page) tea.Cmd {
	m.page = p
	return nil
}

// eventLine is one event: when, how bad, what.
func (m *model) eventLine(e fleet.Event, w int) string {
	shape, p := m.eventLook(string(e.Kind))
	room := max(1, w-11)
	return m.st.dim.paint(e.At.Local().Format("15:04:05")) + " " + p.paint(shape) + " " + cell(m.eventText(e, room), room)
}

func (m *model) eventLook(kind string) (string, pen) {
	st := m.st
	switch kind {
	case "late":
		return st.glyph("▲", "!"), st.warn
	case "lost", "refused", "killed":
		return st.glyph("✖", "x"), st.bad
	case "threshold":
		return st.glyph("▲", "!"), st.bad
	case "stopped", "paused", "adjusted", "resumed", "adopted":
		return st.glyph("◆", "+"), st.accent
	case "started", "finished":
		return st.glyph("●", "*"), st.good
	case "joined", "back":
		return st.glyph("○", "o"), st.good
	}
	return st.glyph("○", "o"), st.dim
}

// eventText is what happened, if possible in at most w columns; the run that is looked at needs no name.
func (m *model) eventText(e fleet.Event, w int) string {
	at := ""
	switch r := m.s.run; {
	case m.shown != nil:
		at = m.shown.id
	case r != nil:
		at = r.id
	}
	switch {
	case e.TestID == "":
	case e.TestID == at:
		return strings.Replace(e.Text, e.TestID, "the run", 1)
	case width(e.Text) > w:
		return strings.Replace(e.Text, e.TestID, m.shortID(e.TestID), 1)
	}
	return e.Text
}

func (m *model) eventLines(w, h int) []string {
	var lines []string
	for _, e := range m.s.events[max(0, len(m.s.events)-h):] {
		lines = append(lines, m.eventLine(e, w))
	}
	if len(lines) == 0 {
		lines = []string{m.st.dim.paint("nothing has happened yet")}
	}
	return lines
}

func (m *model) eventsPage(w, h int) []string {
	note := m.st.dim.paint(fmt.Sprint(m.s.eventCount))
	if m.q.eventTop > 0 {
		note = m.st.dim.paint(fmt.Sprintf("%d newer below", m.q.eventTop))
	}
	return m.st.panel("Events", note, m.eventLines(w-4, h-2), w, h)
}
