package tui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/node"
	"landfall/node/report/render"
	"landfall/tui/help"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/style"
)

// textPage is a scrollable text: a report, or the help. What is searched is shown in it; the help shows only that.
type textPage struct {
	title   string
	make    func(m *model, w int) []string
	past    *panel.Past // run of the report; nil: not a report
	ofForm  bool        // the spec of the form below
	find    string      // what is searched; "": nothing
	narrows bool        // make leaves out what does not contain it
	end     bool        // start at the last line
	text    []string    // as wide as the page
	top     int
	left    int // column at the left edge of the page
	w, h    int // visible columns and lines
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
	on := func(f func(t *textPage, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if t, is := m.top().(*textPage); is {
				return f(t, m)
			}
			return nil
		}
	}
	next := func(by int) func(*model, string) tea.Cmd {
		return on(func(t *textPage, _ *model) tea.Cmd { t.seek(t.top+by, by); return nil })
	}
	searched := func(m *model) bool { t, is := m.top().(*textPage); return is && t.find != "" && !t.narrows }
	ofForm := func(m *model) bool { t, is := m.top().(*textPage); return is && t.ofForm }
	const group = "In a text"
	return []action{
		{Keys: []string{"/"}, ID: "find", Help: "search the text", Group: group, Foot: "search", Scope: keys.Texts, Do: on((*textPage).askFind)},
		{Keys: []string{"n"}, ID: "find-next", Help: "next line that contains the searched text", Group: group, Foot: "next", Pair: "find-before", Scope: keys.Texts, When: searched, Do: next(1)},
		{Keys: []string{"N"}, ID: "find-before", Help: "the line before that contains it", Group: group, Scope: keys.Texts, When: searched, Do: next(-1)},
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
		if !t.narrows && t.contains(shown[i]) {
			shown[i] = m.Style.Selected.Paint(ansi.Strip(shown[i]))
		}
	}
	title := t.title
	if t.find != "" {
		title += "  /" + node.Clean(t.find, 40)
	}
	return m.Style.Panel(title, note, shown, w, h)
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

// openHelp opens the help of where the operator is.
func (m *model) openHelp(string) tea.Cmd {
	at := help.Place{Scope: m.scope(), Page: m.page, Title: m.placeName()}
	t := &textPage{title: "Help", narrows: true}
	t.make = func(m *model, w int) []string { return help.Lines(m.Style, m.actions, at, t.find, w) }
	return m.open(t)
}

// placeName names where the operator is.
func (m *model) placeName() string {
	switch m.scope() {
	case keys.InReport:
		return "In this report"
	case keys.InText:
		return "In this text"
	case keys.InDetail:
		return "On the page of a driver"
	}
	return "On " + keys.PageNames[m.page]
}

// askFind asks for a text to search.
func (t *textPage) askFind(m *model) tea.Cmd {
	p := newPrompt("/", t.find, nil, func(*model, string) tea.Cmd { return nil })
	p.live = func(_ *model, text string) {
		t.find = text
		if !t.narrows {
			t.seek(t.top, 1)
		}
	}
	return m.open(p)
}

// seek scrolls to the first line from one on, in a direction, that contains the searched text.
func (t *textPage) seek(from, by int) {
	for i := from; t.find != "" && i >= 0 && i < len(t.text); i += by {
		if t.contains(t.text[i]) {
			t.top = i
			break
		}
	}
	t.scroll(0)
}

// contains reports whether a line contains the searched text, ignoring case.
func (t *textPage) contains(line string) bool {
	return t.find != "" && strings.Contains(strings.ToLower(ansi.Strip(line)), strings.ToLower(t.find))
}
