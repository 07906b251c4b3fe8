package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/report"
	"landfall/tui/keys"
	"landfall/tui/panel"
)

// reportOnTop returns the run whose report is on top of the page; nil: none.
func (m *model) reportOnTop() *panel.Past {
	if t, is := m.top().(*textPage); is {
		return t.past
	}
	return nil
}

// openFindings shows what explains the figures of the shown run; while the run is active, those received so far.
func (m *model) openFindings(string) tea.Cmd {
	return m.openAbout("Findings of ", func(m *model, r *report.Report, w int) []string { return panel.FindingLines(m.Style, r.Findings, w) })
}

// openFailures shows why requests of the shown run failed; while the run is active, the reasons received so far.
func (m *model) openFailures(string) tea.Cmd {
	return m.openAbout("Failures of ", func(m *model, r *report.Report, w int) []string { return panel.FailureLines(m.Style, r, w) })
}

// openAbout opens a page about the report of the selected run.
func (m *model) openAbout(title string, lines func(*model, *report.Report, int) []string) tea.Cmd {
	page := func(p *panel.Past) *textPage {
		return &textPage{title: title + p.ID, past: p, make: func(m *model, w int) []string { return lines(m, p.Report, w) }}
	}
	if p := m.reportOnTop(); p != nil {
		return m.open(page(p))
	}
	id := m.lookingAt()
	if r := m.history.Selected(&m.Sample); m.page == keys.PageHistory && r != nil {
		id = r.ID
	}
	return m.withReports([]string{id}, func(m *model, list []*report.Report) tea.Cmd {
		p := panel.PastOf(list[0])
		return m.open(page(&p))
	})
}

// hasRun reports whether a run is selected that was started.
func (m *model) hasRun() bool {
	return m.hasReport() || m.Sample.Run != nil && !m.Sample.Run.T0.IsZero()
}
