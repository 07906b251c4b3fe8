package tui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/node/report/render"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/style"
)

// textPage is a scrollable text: a report, or the help.
type textPage struct {
	title string
	make  func(m *model, w int) []string
	past  *panel.Past // whose report it is; nil: it is none
	text  []string    // as wide as the page
	top   int
	left  int // columns of it that are to the left of the page
	w, h  int // columns and lines that are seen
}

func (*textPage) full() bool                     { return true }
func (*textPage) typing() bool                   { return false }
func (*textPage) key(*model, tea.KeyMsg) tea.Cmd { return nil }

func (t *textPage) scope() keys.Scope {
	if t.past != nil {
		return keys.InReport
	}
	return keys.InText
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
		{Keys: []string{"left", "h"}, ID: "left-part", Help: "to the left part of lines that are too long", Group: group, Foot: "sideways", Pair: "right-part", Scope: keys.Texts, When: wider, Do: aside(-16)},
		{Keys: []string{"right", "l"}, ID: "right-part", Help: "to the right part", Group: group, Scope: keys.Texts, When: wider, Do: aside(16)},
	}
}

// aside scrolls the text n columns to the right.
func (t *textPage) aside(n int) { t.left = max(0, min(t.left+n, t.widest()-t.w)) }

func (t *textPage) widest() (w int) {
	for _, line := range t.text {
		w = max(w, style.Width(line))
	}
	return w
}

func (t *textPage) scroll(n int) { t.top = max(0, min(t.top+n, len(t.text)-t.h)) }

func (t *textPage) lines(m *model, w, h int) []string {
	note := ""
	if len(t.text) > t.h {
		note = m.Style.Dim.Paint(fmt.Sprintf("%d%%", min(100, 100*(t.top+t.h)/len(t.text))))
	}
	shown := slices.Clone(t.text[t.top:min(t.top+t.h, len(t.text))])
	for i := range shown {
		if t.left > 0 {
			shown[i] = ansi.TruncateLeft(shown[i], t.left, "")
		}
	}
	return m.Style.Panel(t.title, note, shown, w, h)
}

// newReportPage shows a report as text.
func newReportPage(m *model, p *panel.Past) *textPage {
	var b bytes.Buffer
	render.Text(&b, p.Report, m.Style.Color)
	text := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	return &textPage{title: "Report of " + p.ID, past: p, make: func(m *model, w int) []string {
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
		if slices.ContainsFunc(m.actions[:i], func(b action) bool { return b.Group == a.Group }) {
			continue
		}
		lines = append(lines, "", m.Style.Title.Paint(a.Group))
		for _, b := range m.actions[i:] {
			if b.Group == a.Group {
				lines = append(lines, m.helpOf(b, w)...)
			}
		}
	}
	return append(lines, "", m.Style.Title.Paint("Signs"), m.signs())
}

// helpOf is an action's keys, its name for the prompt and what it does, on as many lines of w columns as it takes.
func (m *model) helpOf(a action, w int) []string {
	var pressed []string
	for _, k := range a.Keys {
		pressed = append(pressed, keys.Text(k))
	}
	name := ""
	if a.Name != "" {
		name = strings.TrimSpace(":" + a.Name + " " + a.Arg)
	}
	lead := " " + m.Style.Key.Paint(style.Fill(strings.Join(pressed, " "), 16)) + m.Style.Accent.Paint(style.Fill(name, 15))
	lines := style.Wrap(a.Help, w-style.Width(lead))
	for i, line := range lines {
		if i > 0 {
			lead = style.Spaces(style.Width(lead))
		}
		lines[i] = lead + line
	}
	return lines
}

func (m *model) signs() string {
	g := m.Style.Glyph
	return strings.Join([]string{" " + g("●", "*") + " running", g("○", "o") + " idle", g("◆", "+") + " armed", g("‖", "=") + " paused", g("▽", "v") + " draining", g("▲", "!") + " late", g("✖", "x") + " lost"}, "   ")
}
