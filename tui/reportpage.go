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
