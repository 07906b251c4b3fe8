package tui

import (
	"slices"
	"strings"
	"time"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// dialog asks before something is done. Its first choice is what Enter does, and does no harm.
type dialog struct {
	title   string
	text    []string
	choices []choice
	want    string // must be typed before any choice but the first
	typed   string
	at      int
	opened  time.Time
}

// tooSoon is how long after it was asked nobody can have answered: such keys were typed or pasted before.
const tooSoon = 200 * time.Millisecond

// choice is one answer; a nil do does nothing.
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
		{keys: []string{"left", "shift+tab", "h", "k", "up"}, id: "answer-before", help: "the answer before", group: group, foot: "choose", pair: "answer-after", scope: inDialog, do: turn(-1)},
		{keys: []string{"right", "tab", "l", "j", "down"}, id: "answer-after", help: "the next answer; the first one does no harm", group: group, scope: inDialog, do: turn(1)},
		{keys: []string{"enter"}, id: "answer", help: "do what is chosen", group: group, foot: "do it", scope: inDialog, do: on(func(d *dialog, m *model) tea.Cmd { return d.choose(m, d.at) })},
		{keys: []string{"esc", "n", "q"}, id: "no", help: "no", group: group, foot: "no", scope: inDialog, do: on(func(d *dialog, m *model) tea.Cmd { m.close(d); return nil })},
	}
}

func (d *dialog) scope() scope          { return inDialog }
func (d *dialog) full() bool            { return false }
func (d *dialog) typing() bool          { return false }
func (*dialog) layout(*model, int, int) {}

// key is a digit of the number that is wanted.
func (d *dialog) key(m *model, k tea.KeyMsg) tea.Cmd {
	switch key := k.String(); {
	case key == "backspace":
		d.typed = d.typed[:max(0, len(d.typed)-1)]
	case d.want != "" && len(key) == 1 && unicode.IsDigit(rune(key[0])) && len(d.typed) < 8:
		d.typed += key
	}
	return nil
}

// answer is the choice that a key stands for; -1: none. Its letters go before the keys of all dialogs.
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
	inner := width(d.title) + 4
	for _, t := range d.text {
		inner = max(inner, width(t))
	}
	inner = min(max(inner, width(d.buttons(m.st)), 30), w-8)
	body := []string{""}
	for _, t := range d.text {
		body = append(body, strings.Split(ansi.Wrap(t, inner, " "), "\n")...)
	}
	if d.want != "" {
		body = append(body, "", "Type "+m.st.bold.paint(d.want)+" to confirm: "+m.st.key.paint(d.typed+"_"))
	}
	body = append(body, "", d.buttons(m.st), "")
	return m.st.panel(d.title, "", body, inner+4, min(len(body)+2, h))
}

func (d *dialog) buttons(st *styles) string {
	var b strings.Builder
	for i, c := range d.choices {
		text := " " + c.label + " "
		if i == d.at {
			b.WriteString(st.selected.paint(st.glyph("▸", ">") + text))
		} else {
			b.WriteString(" " + text)
		}
		b.WriteString(st.dim.paint("("+c.key+")") + "  ")
	}
	return strings.TrimRight(b.String(), " ")
}
