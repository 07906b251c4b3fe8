package tui

import (
	"fmt"
	"landfall/node"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// previewed tells whether the page of drivers, or of the history, has room for the charts of what is selected.
func (m *model) previewed() bool {
	return m.wide() && (m.page == pageDrivers && m.s.run != nil && !m.s.run.t0.IsZero() || m.page == pageHistory && len(m.s.runs) > 0)
}

// previews tells whether the charts of the selected driver are shown below the list.
func (m *model) previews() bool { return m.page == pageDrivers && m.previewed() && m.top() == nil }

// listH is the height of the list on a page that shows the charts of what is selected below it.
func (m *model) listH(n, h int) int {
	if !m.previewed() {
		return h
	}
	return max(8, min(n+3, h*9/20))
}

func (m *model) driversPage(w, h int) []string {
	title := "Drivers"
	if m.drivers.filter != "" {
		title = fmt.Sprintf("Drivers  %d of %d match %s", m.s.matched, m.s.total, string(m.drivers.filter))
	}
	under := m.hostLines(w - 4)
	top := m.listH(m.s.matched+len(under), h)
	lines := m.st.panel(node.Clean(title, 120), m.drivers.note(&m.display), append(m.drivers.lines(&m.display, w-4, top-2-len(under)), under...), w, top)
	if top < h && m.s.run != nil && m.s.run.window.only != "" {
		lines = append(lines, m.charts.besides(&m.display, w, h-top)...)
	}
	return block(lines, w, h)
}

// sort sorts by the column of a name, or by the next one.
func (m *model) sort(arg string) tea.Cmd {
	if err := m.drivers.sort(arg); err != nil {
		m.complain(err.Error())
	} else if arg == "" {
		m.say("sorted by " + columnNames[m.drivers.by])
	}
	return nil
}

func (m *model) askFilter(arg string) tea.Cmd {
	set := func(m *model, text string) { m.drivers.filter = filter(text) }
	if arg != "" {
		set(m, arg)
		return nil
	}
	p := newPrompt("/", string(m.drivers.filter), nil, func(*model, string) tea.Cmd { return nil })
	p.live = set
	return m.open(p)
}

// lookingAt is the id of the run whose charts are shown; "": none.
func (m *model) lookingAt() string {
	switch r := m.s.run; {
	case m.charts.shown != nil:
		return m.charts.shown.id
	case r != nil:
		return r.id
	}
	return ""
}

// nextKeys is what to do after a run.
func (m *model) nextKeys() string {
	var words []string
	for _, next := range [][2]string{{"again", "again"}, {"edit", "edit and run"}, {"report", "report"}} {
		if key := m.keyOf(next[0]); key != "" {
			words = append(words, m.hint(key, next[1]))
		}
	}
	return strings.Join(words, "  ")
}
