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
	title  string
	make   func(m *model, w int) []string
	past   *panel.Past // run of the report; nil: not a report
	ofForm bool        // the spec of the form below
	end    bool        // start at the last line
	text   []string    // as wide as the page
	top    int
	left   int // column at the left edge of the page
	w, h   int // visible columns and lines
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
	if t.end {
		t.top, t.end = len(t.text), false
	}
	t.scroll(0)
	t.scrollSideways(0)
}

// textActions are the keys of all texts.
func textActions() []action {
	sideways := func(n int) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if t, is := m.top().(*textPage); is {
				t.scrollSideways(n)
			}
			return nil
		}
	}
	wider := func(m *model) bool { t, is := m.top().(*textPage); return is && t.widest() > t.w }
	ofForm := func(m *model) bool { t, is := m.top().(*textPage); return is && t.ofForm }
	const group = "In a text"
	return []action{
		{Keys: []string{"ctrl+t"}, ID: "hide-spec", Help: "back from the spec to the form", Group: group, Foot: "form", Scope: keys.InText, When: ofForm, Do: (*model).back},
		{Keys: []string{"left", "h"}, ID: "left-part", Help: "scroll left, if lines are too long", Group: group, Foot: "sideways", Pair: "right-part", Scope: keys.Texts, When: wider, Do: sideways(-16)},
		{Keys: []string{"right", "l"}, ID: "right-part", Help: "scroll right", Group: group, Scope: keys.Texts, When: wider, Do: sideways(16)},
	}
}

// scrollSideways scrolls the text n columns to the right.
func (t *textPage) scrollSideways(n int) { t.left = max(0, min(t.left+n, t.widest()-t.w)) }

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
	render.WholeText(&b, p.Report, m.Style.Color)
	text := strings.Split(strings.TrimRight(m.Style.Recoloured(b.String()), "\n"), "\n")
	return &textPage{title: "Report of " + p.ID, past: p, make: func(m *model, w int) (lines []string) {
		for _, line := range text {
			lines = append(lines, wrapped(line, w)...)
		}
		return lines
	}}
}

// wrapped returns a line of a report in lines of w columns if it is a sentence. Rows of tables, whose cells are two spaces apart, stay as
// they are: they are scrolled sideways.
func wrapped(line string, w int) (lines []string) {
	plain := ansi.Strip(line)
	text := strings.TrimLeft(plain, " ")
	if style.Width(plain) <= w || strings.Contains(text, "  ") {
		return []string{line}
	}
	indent := style.Width(plain) - style.Width(text)
	ink := style.Pen{}
	if on := strings.TrimLeft(line, " "); strings.HasPrefix(on, "\x1b[") {
		ink = style.Pen{On: on[:strings.Index(on, "m")+1], Off: "\x1b[0m"}
	}
	for i, part := range style.Wrap(text, max(10, w-indent-2)) {
		if i == 1 {
			indent += 2
		}
		lines = append(lines, style.Spaces(indent)+ink.Paint(part))
	}
	return lines
}

func (m *model) openHelp(string) tea.Cmd {
	return m.open(&textPage{title: "Help", make: helpLines})
}

// helpLines returns the table of actions as text.
func helpLines(m *model, w int) []string {
	var lines []string
	wide := [2]int{}
	for _, a := range m.actions {
		pressed, name := helpNames(a)
		wide[0], wide[1] = max(wide[0], style.Width(pressed)+2), max(wide[1], style.Width(name)+2)
	}
	for i, a := range m.actions {
		if slices.ContainsFunc(m.actions[:i], func(b action) bool { return b.Group == a.Group }) {
			continue
		}
		lines = append(lines, "", m.Style.Title.Paint(a.Group))
		for _, b := range m.actions[i:] {
			if b.Group == a.Group {
				lines = append(lines, m.helpOf(b, wide, w)...)
			}
		}
	}
	return append(lines, "", m.Style.Title.Paint("Signs"), m.signs())
}

// helpNames returns an action's keys, and its name for the prompt.
func helpNames(a action) (pressed, name string) {
	for _, k := range a.Keys {
		pressed = strings.TrimLeft(pressed+" "+keys.Text(k), " ")
	}
	if a.Name != "" {
		name = strings.TrimSpace(":" + a.Name + " " + a.Arg)
	}
	return pressed, name
}

// helpOf returns an action's keys, its name for the prompt and its description, in columns of those widths, wrapped to lines of w columns.
func (m *model) helpOf(a action, wide [2]int, w int) []string {
	pressed, name := helpNames(a)
	lead := " " + m.Style.Key.Paint(style.Fill(pressed, wide[0])) + m.Style.Accent.Paint(style.Fill(name, wide[1]))
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
