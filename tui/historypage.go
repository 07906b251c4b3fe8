package tui

import tea "github.com/charmbracelet/bubbletea"

// historyPage is the list and, where there is room, the verdict and the charts of the selected run.
func (m *model) historyPage(w, h int) []string {
	top := m.listH(len(m.s.runs), h)
	lines := m.history.lines(&m.display, m.charts.base, w, top)
	p := m.history.picked
	if r := m.history.selected(&m.s); top == h || p == nil || r == nil || p.id != r.id {
		return block(lines, w, h)
	}
	charts := m.charts
	charts.shown, charts.zoom, charts.cursor, charts.only = p, 0, -1, ""
	lw := min(56, w*2/5)
	left := m.st.panel(m.shortID(p.id), "", verdictLines(m.st, p.report, m.nextKeys(), lw-4, h-top-2), lw, h-top)
	return block(append(lines, beside(left, charts.lines(&m.display, w-lw, h-top))...), w, h)
}

func (m *model) hasReport() bool {
	return m.page == pageHistory && len(m.s.runs) > 0 || m.charts.shown != nil || m.s.run != nil && !m.s.run.t0.IsZero() && !m.s.run.active
}

// openReport shows the report of the run that is looked at.
func (m *model) openReport(string) tea.Cmd {
	switch {
	case m.page == pageHistory:
		return m.openRun()
	case m.charts.shown != nil:
		return m.open(newReportPage(m, m.charts.shown))
	}
	return m.readReport(m.s.run.id, false)
}

func (m *model) openRun() tea.Cmd {
	if r := m.history.selected(&m.s); r != nil {
		return m.readReport(r.id, false)
	}
	return nil
}

// hasBaseline tells whether there is a run that others can be drawn over.
func (m *model) hasBaseline() bool {
	_, is := m.top().(*textPage)
	return is || m.page == pageHistory && len(m.s.runs) > 0
}

// setBaseline makes a run the one that others are drawn over: that of the report on top, or the selected one. A second time
// undoes it.
func (m *model) setBaseline(string) tea.Cmd {
	t, is := m.top().(*textPage)
	id := ""
	if r := m.history.selected(&m.s); r != nil {
		id = r.id
	}
	if is && t.past != nil {
		id = t.past.id
	}
	switch {
	case id == "":
		return nil
	case m.charts.base != nil && m.charts.base.id == id:
		m.charts.base = nil
		m.say("no baseline")
		return nil
	case is:
		m.charts.base = t.past
		m.say("later runs are drawn over " + id)
		return nil
	}
	return m.readReport(id, true)
}
