package tui

import (
	"slices"
	"strings"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node/figures"
	"landfall/tui/keys"
	"landfall/tui/style"
)

// dialog asks for confirmation. Enter selects the first choice, which is harmless.
type dialog struct {
	title   string
	text    []string
	choices []choice
	want    string // text to type before any choice but the first
	typed   string
	at      int
	opened  time.Time
}

// tooSoon is too short a time for a person to answer: such keys were typed or pasted before the dialog opened.
const tooSoon = 200 * time.Millisecond

// choice is one answer. If do is nil, the choice does nothing.
type choice struct {
	label, key string
	do         func(*model) tea.Cmd
}

// confirm is a dialog with no and yes.
func confirm(title string, text []string, yes string, do func(*model) tea.Cmd) *dialog {
	return &dialog{title: title, text: text, choices: []choice{{"no", "esc", nil}, {yes, "y", do}}}
}

// ask opens a dialog.
func (m *model) ask(d *dialog) tea.Cmd {
	d.opened = m.clock()
	return m.open(d)
}

// dialogActions are the keys of every dialog.
func dialogActions() []action {
	on := func(f func(d *dialog, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if d, is := m.top().(*dialog); is {
				return f(d, m)
			}
			return nil
		}
	}
	turn := func(by int) func(*model, string) tea.Cmd {
		return on(func(d *dialog, _ *model) tea.Cmd {
			d.at = (d.at + by + len(d.choices)) % len(d.choices)
			return nil
		})
	}
	const group = "In a question"
	return []action{
		{Keys: []string{"left", "shift+tab", "h", "k", "up"}, ID: "answer-before", Help: "previous answer", Group: group, Foot: "choose", Pair: "answer-after", Scope: keys.InDialog, Do: turn(-1)},
		{Keys: []string{"right", "tab", "l", "j", "down"}, ID: "answer-after", Help: "next answer; the first one is always harmless", Group: group, Scope: keys.InDialog, Do: turn(1)},
		{Keys: []string{"enter"}, ID: "answer", Help: "confirm the selected answer", Group: group, Foot: "confirm", Scope: keys.InDialog, Do: on(func(d *dialog, m *model) tea.Cmd { return d.choose(m, d.at) })},
		{Keys: []string{"esc", "n", "q"}, ID: "no", Help: "no", Group: group, Foot: "no", Scope: keys.InDialog, Do: on(func(d *dialog, m *model) tea.Cmd { m.close(d); return nil })},
	}
}

func (d *dialog) scope() keys.Scope     { return keys.InDialog }
func (d *dialog) full() bool            { return false }
func (d *dialog) typing() bool          { return false }
func (*dialog) layout(*model, int, int) {}

// key handles a digit of the requested number.
func (d *dialog) key(m *model, k tea.KeyMsg) tea.Cmd {
	switch key := k.String(); {
	case key == "backspace":
		d.typed = d.typed[:max(0, len(d.typed)-1)]
	case d.want != "" && len(key) == 1 && unicode.IsDigit(rune(key[0])) && len(d.typed) < 8:
		d.typed += key
	}
	return nil
}

// answer returns the choice that a key selects, or -1. Letters of choices take precedence over the keys of
// all dialogs.
func (d *dialog) answer(key string) int {
	return slices.IndexFunc(d.choices, func(c choice) bool { return c.key == key })
}

func (d *dialog) choose(m *model, i int) tea.Cmd {
	do := d.choices[i].do
	switch {
	case do == nil:
		m.close(d)
		return nil
	case m.clock().Sub(d.opened) < tooSoon:
		return nil
	case d.want != d.typed:
		m.complain("type " + d.want + " first")
		d.at = i
		return nil
	}
	m.close(d)
	return do(m)
}

func (d *dialog) lines(m *model, w, h int) []string {
	inner := style.Width(d.title) + 4
	for _, t := range d.text {
		inner = max(inner, style.Width(t))
	}
	inner = min(max(inner, style.Width(d.buttons(m.Style)), 30), w-8)
	body := []string{""}
	for _, t := range d.text {
		body = append(body, style.Wrap(t, inner)...)
	}
	var end []string
	if d.want != "" {
		end = append(end, "", "Type "+m.Style.Bold.Paint(d.want)+" to confirm: "+m.Style.Key.Paint(d.typed+"_"))
	}
	end = append(end, "", d.buttons(m.Style), "")
	if room := max(h-2-len(end), 1); len(body) > room { // the answers are always visible
		more := len(body) - room + 1
		body = append(body[:room-1], m.Style.Dim.Paint(m.Style.Glyph("…", "..")+" and "+figures.Plural(int64(more), "more line")))
	}
	body = append(body, end...)
	return m.Style.Panel(d.title, "", body, inner+4, min(len(body)+2, h))
}

func (d *dialog) buttons(st *style.Sheet) string {
	var b strings.Builder
	for i, c := range d.choices {
		text := " " + c.label + " "
		if i == d.at {
			b.WriteString(st.Selected.Paint(st.Glyph("▸", ">") + text))
		} else {
			b.WriteString(" " + text)
		}
		b.WriteString(st.Dim.Paint("("+c.key+")") + "  ")
	}
	return strings.TrimRight(b.String(), " ")
}
