package tui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/report"
)

// textPage is lines to scroll through: a report, or the help.
type textPage struct {
	title string
	make  func(m *model, w int) []string
	past  *pastRun // whose report it is; nil: it is none
	top   int
	count int
	h     int
}

func (*textPage) full() bool   { return true }
func (*textPage) typing() bool { return false }

func (t *textPage) key(m *model, k tea.KeyMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc", "q", "?":
		return true, nil
	case "up", "k":
		t.scroll(-1)
	case "down", "j":
		t.scroll(1)
	case "pgup":
		t.scroll(-t.h)
	case "pgdown", " ":
		t.scroll(t.h)
	case "g", "home":
		t.scroll(-t.count)
	case "G", "end":
		t.scroll(t.count)
	case "e":
		if t.past != nil {
			return false, m.open(exportDialog(t.past.report))
		}
	case "b":
		if t.past != nil {
			m.base = t.past
			m.say("later runs are drawn over " + t.past.id)
		}
	case "c":
		if t.past != nil {
			m.shown, m.page, m.cursor = t.past, pageLive, -1
			return true, nil
		}
	}
	return false, nil
}

func (t *textPage) scroll(n int) { t.top = max(0, min(t.top+n, t.count-t.h)) }

func (t *textPage) lines(m *model, w, h int) []string {
	all := t.make(m, w-4)
	t.count, t.h = len(all), max(1, h-2)
	t.scroll(0)
	note := ""
	if t.count > t.h {
		note = m.st.dim.paint(fmt.Sprintf("%d%%", 100*(t.top+t.h)/t.count))
	}
	return m.st.panel(t.title, note, all[t.top:min(t.top+t.h, t.count)], w, h)
}

// newReportPage shows a report as text.
func newReportPage(m *model, p *pastRun) *textPage {
	var b bytes.Buffer
	p.report.Text(&b, m.st.color)
	text := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	return &textPage{title: "Report of " + p.id, past: p, make: func(m *model, w int) []string {
		return text
	}}
}

// exportDialog asks in which form a report is written to a file in the working directory.
func exportDialog(r *report.Report) *dialog {
	write := func(ending string, f func(*bytes.Buffer) error) func(*model) tea.Cmd {
		name := "landfall-" + r.TestID + ending
		return func(m *model) tea.Cmd {
			return m.run("write "+name, func(context.Context) error {
				var b bytes.Buffer
				if err := f(&b); err != nil {
					return err
				}
				return os.WriteFile(name, b.Bytes(), 0o644)
			})
		}
	}
	return &dialog{title: "Export the report", text: []string{"Written as landfall-" + r.TestID + ".… in the working directory."}, choices: []choice{
		{"no", "esc", nil},
		{"text", "t", write(".txt", func(b *bytes.Buffer) error { r.Text(b, false); return nil })},
		{"JSON", "j", write(".json", func(b *bytes.Buffer) error { return writeJSON(b, r) })},
		{"CSV", "c", write(".csv", func(b *bytes.Buffer) error { return r.CSV(b) })},
	}}
}

func (m *model) openHelp(string) tea.Cmd {
	return m.open(&textPage{title: "Help", make: helpLines})
}

// helpLines is the table of actions, as text.
func helpLines(m *model, w int) []string {
	var lines []string
	for i, a := range m.actions {
		if slices.ContainsFunc(m.actions[:i], func(b action) bool { return b.group == a.group }) {
			continue
		}
		lines = append(lines, "", m.st.title.paint(a.group))
		for _, b := range m.actions[i:] {
			if b.group == a.group {
				lines = append(lines, m.helpLine(b, w))
			}
		}
	}
	for _, of := range []struct {
		title string
		keys  []keyHint
	}{{"In a form", formKeys}, {"When it asks", dialogKeys}, {"In a report", reportKeys}} {
		lines = append(lines, "", m.st.title.paint(of.title))
		for _, k := range of.keys {
			lines = append(lines, fill(" "+m.st.key.paint(fill(k.key, 28))+k.help, w))
		}
	}
	return append(lines, "", m.st.title.paint("Signs"), m.signs())
}

func (m *model) helpLine(a action, w int) string {
	var keys []string
	for _, k := range a.keys {
		keys = append(keys, keyText(k))
	}
	name := ""
	if a.name != "" {
		name = strings.TrimSpace(":" + a.name + " " + a.arg)
	}
	return fill(" "+m.st.key.paint(fill(strings.Join(keys, " "), 12))+m.st.accent.paint(fill(name, 16))+a.help, w)
}

func (m *model) signs() string {
	g := m.st.glyph
	return strings.Join([]string{" " + g("●", "*") + " running", g("○", "o") + " idle", g("◆", "+") + " armed", g("‖", "=") + " paused", g("▽", "v") + " draining", g("▲", "!") + " late", g("✖", "x") + " lost"}, "   ")
}
