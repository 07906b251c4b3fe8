package tui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/node/report/render"
)

// textPage is lines to scroll through: a report, or the help.
type textPage struct {
	title string
	make  func(m *model, w int) []string
	past  *pastRun // whose report it is; nil: it is none
	text  []string // as wide as the page
	top   int
	left  int // columns of it that are to the left of the page
	w, h  int // columns and lines that are seen
}

func (*textPage) full() bool                     { return true }
func (*textPage) typing() bool                   { return false }
func (*textPage) key(*model, tea.KeyMsg) tea.Cmd { return nil }

func (t *textPage) scope() scope {
	if t.past != nil {
		return inReport
	}
	return inText
}

func (t *textPage) layout(m *model, w, h int) {
	t.text, t.w, t.h = t.make(m, w-4), w-4, max(1, h-2)
	t.scroll(0)
	t.aside(0)
}

// textActions are the keys of all texts.
func textActions() []action {
	aside := func(n int) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if t, is := m.top().(*textPage); is {
				t.aside(n)
			}
			return nil
		}
	}
	wider := func(m *model) bool { t, is := m.top().(*textPage); return is && t.widest() > t.w }
	const group = "In a text"
	return []action{
		{keys: []string{"left", "h"}, id: "left-part", help: "to the left part of lines that are too long", group: group, foot: "sideways", pair: "right-part", scope: texts, when: wider, do: aside(-16)},
		{keys: []string{"right", "l"}, id: "right-part", help: "to the right part", group: group, scope: texts, when: wider, do: aside(16)},
	}
}

// aside moves what is seen n columns to the right.
func (t *textPage) aside(n int) { t.left = max(0, min(t.left+n, t.widest()-t.w)) }

func (t *textPage) widest() (w int) {
	for _, line := range t.text {
		w = max(w, width(line))
	}
	return w
}

func (t *textPage) scroll(n int) { t.top = max(0, min(t.top+n, len(t.text)-t.h)) }

func (t *textPage) lines(m *model, w, h int) []string {
	note := ""
	if len(t.text) > t.h {
		note = m.st.dim.paint(fmt.Sprintf("%d%%", min(100, 100*(t.top+t.h)/len(t.text))))
	}
	shown := slices.Clone(t.text[t.top:min(t.top+t.h, len(t.text))])
	for i := range shown {
		if t.left > 0 {
			shown[i] = ansi.TruncateLeft(shown[i], t.left, "")
		}
	}
	return m.st.panel(t.title, note, shown, w, h)
}

// newReportPage shows a report as text.
func newReportPage(m *model, p *pastRun) *textPage {
	var b bytes.Buffer
	render.Text(&b, p.report, m.st.color)
	text := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	return &textPage{title: "Report of " + p.id, past: p, make: func(m *model, w int) []string {
		return text
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
	return fill(" "+m.st.key.paint(fill(strings.Join(keys, " "), 16))+m.st.accent.paint(fill(name, 15))+a.help, w)
}

func (m *model) signs() string {
	g := m.st.glyph
	return strings.Join([]string{" " + g("●", "*") + " running", g("○", "o") + " idle", g("◆", "+") + " armed", g("‖", "=") + " paused", g("▽", "v") + " draining", g("▲", "!") + " late", g("✖", "x") + " lost"}, "   ")
}
