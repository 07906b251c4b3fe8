package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/fleet"
)

// tableColumn is one column of the driver table. Those with a higher need give way first.
type tableColumn struct {
	by    column // columns: cannot be sorted by
	title string
	width int
	right bool
	need  int
	text  func(m *model, r driverRow) (string, pen)
}

const trendW = 24

func driverColumns(trend int) []tableColumn {
	return []tableColumn{
		{by: byState, title: "state", width: 10, need: 0, text: (*model).stateCell},
		{by: byAge, title: "age", width: 5, right: true, need: 1, text: func(m *model, r driverRow) (string, pen) { return age(r.age), m.st.dim }},
		{by: byRate, title: "rate", width: 7, right: true, need: 0, text: func(m *model, r driverRow) (string, pen) { return dash(r.rate*r.fresh(), perSecond), pen{} }},
		{by: byP99, title: "p99", width: 7, right: true, need: 0, text: func(m *model, r driverRow) (string, pen) { return dash(r.p99*r.fresh(), micro), pen{} }},
		{by: byCPU, title: "CPU", width: 5, right: true, need: 1, text: (*model).cpuCell},
		{by: byErrors, title: "errors", width: 7, right: true, need: 2, text: func(m *model, r driverRow) (string, pen) {
			if r.errors == 0 {
				return "0", m.st.dim
			}
			return short(float64(r.errors)), m.st.bad
		}},
		{by: columns, title: "trend", width: trend, need: 3, text: func(m *model, r driverRow) (string, pen) { return spark(m.st, r.trend, trend), m.st.asked }},
		{by: byHost, title: "host", width: 16, need: 4, text: func(m *model, r driverRow) (string, pen) { return r.host, m.st.dim }},
		{by: byLabels, title: "labels", width: 22, need: 5, text: func(m *model, r driverRow) (string, pen) { return r.labels, m.st.dim }},
		{by: byVersion, title: "version", width: 12, need: 6, text: func(m *model, r driverRow) (string, pen) { return r.version, m.st.dim }},
	}
}

func dash(v float64, text func(float64) string) string {
	if v == 0 {
		return "–"
	}
	return text(v)
}

// stateCell is shape and word: the heartbeats' conclusion if it is a bad one, else what the driver says of itself.
func (m *model) stateCell(r driverRow) (string, pen) {
	st := m.st
	switch r.live {
	case fleet.Late:
		return st.glyph("▲", "!") + " late", st.warn
	case fleet.Lost:
		return st.glyph("✖", "x") + " lost", st.bad
	case fleet.Left:
		return st.glyph("○", "o") + " left", st.faint
	}
	switch r.state {
	case node.Running:
		return st.glyph("●", "*") + " running", st.good
	case node.Armed:
		return st.glyph("◆", "+") + " armed", st.accent
	case node.Paused:
		return st.glyph("‖", "=") + " paused", st.warn
	case node.Draining:
		return st.glyph("▽", "v") + " draining", st.warn
	}
	return st.glyph("○", "o") + " " + string(r.state), st.dim
}

// fresh is 0 for a driver whose last words are too old to say how it does.
func (r driverRow) fresh() float64 {
	if r.live == fleet.Lost || r.live == fleet.Left {
		return 0
	}
	return 1
}

func (m *model) cpuCell(r driverRow) (string, pen) {
	if r.fresh() == 0 {
		return "–", pen{}
	}
	text := fmt.Sprintf("%.0f%%", 100*r.cpu)
	if r.cores > 0 && r.cpu > 0.85*r.cores {
		return text, m.st.warn
	}
	return text, pen{}
}

// fitting are the columns that w has room for, beside a name of at least 14.
func fitting(w int) (list []tableColumn, name int) {
	trend := trendW
	if w < 80 {
		trend = 10
	} else if w < 120 {
		trend = 16
	}
	all := driverColumns(trend)
	for most := 6; most >= 0; most-- {
		list, name = nil, w-2
		for _, c := range all {
			if c.need <= most {
				list = append(list, c)
				name -= c.width + 1
			}
		}
		if name >= 14 {
			break
		}
	}
	return list, max(1, min(name, 32))
}

// driverTable is a heading and the rows, h lines in all.
func (m *model) driverTable(w, h int) []string {
	if m.s.total == 0 {
		return block(m.emptyFleet(w), w, h)
	}
	cols, name := fitting(w)
	lines := []string{m.headRow(cols, name)}
	for i, r := range m.s.rows {
		lines = append(lines, m.driverLine(r, cols, name, m.s.top+i == m.s.index, w))
	}
	if m.s.matched == 0 {
		lines = append(lines, m.st.dim.paint("no driver matches "+cell(string(m.q.filter), 40)))
	}
	return block(lines, w, h)
}

func (m *model) headRow(cols []tableColumn, name int) string {
	var b strings.Builder
	b.WriteString("  " + m.headCell(byName, "name", name, false))
	for _, c := range cols {
		b.WriteString(" " + m.headCell(c.by, c.title, c.width, c.right))
	}
	return b.String()
}

func (m *model) headCell(by column, title string, w int, right bool) string {
	p := m.st.faint
	if by == m.q.by && by != columns {
		p = m.st.accent
		arrow := m.st.glyph("↓", "v")
		if m.q.reversed {
			arrow = m.st.glyph("↑", "^")
		}
		title += arrow
	}
	if right {
		return p.paint(rightCell(title, w))
	}
	return p.paint(cell(title, w))
}

func (m *model) driverLine(r driverRow, cols []tableColumn, name int, selected bool, w int) string {
	lead := " "
	if selected {
		lead = m.st.glyph("▸", ">")
	}
	if m.marked[r.id] {
		lead += m.st.glyph("✓", "#")
	} else {
		lead += " "
	}
	var b strings.Builder
	b.WriteString(lead + cell(r.id, name))
	for _, c := range cols {
		text, p := c.text(m, r)
		if c.right {
			text = rightCell(text, c.width)
		} else {
			text = cell(text, c.width)
		}
		if selected {
			p = pen{}
		}
		b.WriteString(" " + p.paint(text))
	}
	if selected {
		return m.st.selected.paint(fill(b.String(), w))
	}
	return b.String()
}

// emptyFleet says how the first driver joins.
func (m *model) emptyFleet(w int) []string {
	lines := []string{"", m.st.bold.paint("No drivers yet."), "", m.st.dim.paint("A driver joins with:"), ""}
	hint := m.config.JoinHint
	if hint == "" {
		hint = "landfall driver"
	}
	return append(lines, "  "+m.st.accent.paint(hint), "", m.st.dim.paint("It may load only this machine unless --allow-target says more."))
}

func (m *model) driversPage(w, h int) []string {
	title := "Drivers"
	if m.q.filter != "" {
		title = fmt.Sprintf("Drivers  %d of %d match %s", m.s.matched, m.s.total, string(m.q.filter))
	}
	under := m.hostLines(w - 4)
	return m.st.panel(node.Clean(title, 120), m.scrollNote(), append(m.driverTable(w-4, h-2-len(under)), under...), w, h)
}

func (m *model) scrollNote() string {
	if m.s.matched <= len(m.s.rows) {
		return m.st.dim.paint(fmt.Sprint(m.s.matched))
	}
	return m.st.dim.paint(fmt.Sprintf("%d–%d of %d", m.s.top+1, m.s.top+len(m.s.rows), m.s.matched))
}

// move moves what is selected on this page.
func (m *model) move(n int) {
	switch m.page {
	case pageEvents:
		m.q.eventTop = max(0, min(m.q.eventTop-n, m.s.eventCount))
	case pageHistory:
		m.history = max(0, min(m.history+n, len(m.s.runs)-1))
	default:
		m.q.index, m.q.byIndex = max(0, min(m.s.index+n, m.s.matched-1)), true
		m.s.index = m.q.index
	}
}

func (m *model) sort(arg string) tea.Cmd {
	if arg == "" {
		m.q.by, m.q.reversed = (m.q.by+1)%columns, false
		m.say("sorted by " + columnNames[m.q.by])
		return nil
	}
	for i, name := range columnNames {
		if strings.EqualFold(name, arg) {
			m.q.by, m.q.reversed = column(i), false
			return nil
		}
	}
	m.complain("sort: one of " + strings.Join(columnNames[:], ", "))
	return nil
}

func (m *model) askFilter(arg string) tea.Cmd {
	set := func(m *model, text string) { m.q.filter = filter(text) }
	if arg != "" {
		set(m, arg)
		return nil
	}
	p := newPrompt("/", string(m.q.filter), nil, func(*model, string) tea.Cmd { return nil })
	p.live = set
	return m.open(p)
}
