package tui

import (
	"bytes"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/style"
)

// shortened is a report whose names leave room for the columns of a comparison at 80 columns.
func (m *model) shortened(r *report.Report) *report.Report {
	if m.W >= 110 {
		return r
	}
	short := *r
	short.TestID = m.ShortID(r.TestID)
	_, target, found := strings.Cut(r.Spec.Target, "://")
	if !found {
		target = r.Spec.Target
	}
	short.Spec.Target = style.Short(target, 14)
	return &short
}

// compare notes the selected run or, the second time, shows the noted one and the selected one side by side.
func (m *model) compare(string) tea.Cmd {
	r := m.history.Selected(&m.Sample)
	h := &m.history
	switch {
	case r == nil:
		return nil
	case h.Compared == r.ID:
		h.Compared = ""
		m.say("comparison cancelled")
		return nil
	case h.Compared == "":
		h.Compared = r.ID
		m.say("to compare, select another run and press " + m.keyOf("compare"))
		return nil
	}
	first := h.Compared
	h.Compared = ""
	return m.withReports([]string{first, r.ID}, func(m *model, list []*report.Report) tea.Cmd {
		a, b := list[0], list[1]
		if b.StartedAtMS < a.StartedAtMS {
			a, b = b, a
		}
		var text bytes.Buffer
		if err := render.Compare(&text, m.shortened(a), m.shortened(b), m.Style.Color); err != nil {
			m.complain(err.Error())
			return nil
		}
		lines := strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
		return m.open(&textPage{title: a.TestID + " and " + b.TestID, make: func(*model, int) []string { return lines }})
	})
}
