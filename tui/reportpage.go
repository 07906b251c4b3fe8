package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/files"
	"landfall/tui/keys"
	"landfall/tui/panel"
)

// reportActions are the keys of a report's page.
func reportActions() []action {
	on := func(f func(t *textPage, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if t, is := m.top().(*textPage); is && t.past != nil {
				return f(t, m)
			}
			return nil
		}
	}
	const group = "In a report"
	return []action{
		{Keys: []string{"e"}, ID: "export", Help: "export the report as text, JSON, CSV or HTML", Group: group, Foot: "export", Scope: keys.InReport,
			Do: on(func(t *textPage, m *model) tea.Cmd { return m.ask(exportDialog(t.past.Report)) })},
		{Keys: []string{"c"}, ID: "report-charts", Help: "show the charts of the run on the page Live", Group: group, Foot: "its charts", Scope: keys.InReport, Do: on(func(t *textPage, m *model) tea.Cmd {
			m.close(t)
			m.charts.Shown, m.charts.Cursor, m.page = t.past, -1, keys.PageLive
			return nil
		})},
	}
}

// exportDialog asks for the format in which a report is written to a file in the working directory.
func exportDialog(r *report.Report) *dialog {
	write := func(ending string, f func(*bytes.Buffer) error) func(*model) tea.Cmd {
		name := "landfall-" + r.TestID + ending
		return func(m *model) tea.Cmd {
			return m.runThen("write "+name, "wrote "+name, func(context.Context) error {
				var b bytes.Buffer
				if err := f(&b); err != nil {
					return err
				}
				return files.WriteNew(name, b.Bytes())
			})
		}
	}
	return &dialog{title: "Export the report", text: []string{"Written as landfall-" + r.TestID + ".… in the working directory."}, choices: []choice{
		{"text", "t", write(".txt", func(b *bytes.Buffer) error { render.Text(b, r, false); return nil })},
		{"JSON", "j", write(".json", func(b *bytes.Buffer) error { return writeJSON(b, r) })},
		{"CSV", "c", write(".csv", func(b *bytes.Buffer) error { return render.CSV(b, r) })},
		{"HTML", "h", write(".html", func(b *bytes.Buffer) error { return render.HTML(b, r) })},
		{"cancel", "esc", nil},
	}}
}

// writeJSON writes a report like `run --json`.
func writeJSON(w io.Writer, r *report.Report) error { return json.NewEncoder(w).Encode(r) }

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
