package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/report"
	"landfall/tui/keys"
	"landfall/tui/panel"
)

// reportOnTop is the run whose report lies over the page; nil: none does.
func (m *model) reportOnTop() *panel.Past {
	if t, is := m.top().(*textPage); is {
		return t.past
	}
	return nil
}

// openFindings shows what explains the figures of the run that is looked at.
func (m *model) openFindings(string) tea.Cmd {
	if p := m.reportOnTop(); p != nil {
		return m.open(findingsPage(p))
	}
	id := m.lookingAt()
	if r := m.history.Selected(&m.Sample); m.page == keys.PageHistory && r != nil {
		id = r.ID
	}
	return m.withReports([]string{id}, func(m *model, list []*report.Report) tea.Cmd {
		p := panel.PastOf(list[0])
		return m.open(findingsPage(&p))
	})
}

func findingsPage(p *panel.Past) *textPage {
	return &textPage{title: "Findings of " + p.ID, past: p, make: func(m *model, w int) []string {
		return panel.FindingLines(m.Style, p.Report.Findings, w)
	}}
}
