package tui

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/textinput"
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
}

// choice is one answer; a nil do does nothing.
type choice struct {
	label, key string
	do         func(*model) tea.Cmd
}

// confirm is a dialog with no and yes.
func confirm(title string, text []string, yes string, do func(*model) tea.Cmd) *dialog {
	return &dialog{title: title, text: text, choices: []choice{{"no", "esc", nil}, {yes, "y", do}}}
}

func (d *dialog) full() bool   { return false }
func (d *dialog) typing() bool { return false }

func (d *dialog) key(m *model, k tea.KeyMsg) (bool, tea.Cmd) {
	switch key := k.String(); key {
	case "esc", "n", "q":
		return true, nil
	case "left", "shift+tab", "h":
		d.at = (d.at + len(d.choices) - 1) % len(d.choices)
	case "right", "tab", "l":
		d.at = (d.at + 1) % len(d.choices)
	case "enter":
		return d.choose(m, d.at)
	case "backspace":
		d.typed = d.typed[:max(0, len(d.typed)-1)]
	default:
		if d.want != "" && len(key) == 1 && unicode.IsDigit(rune(key[0])) && len(d.typed) < 8 {
			d.typed += key
			return false, nil
		}
		for i, c := range d.choices {
			if c.key == key {
				return d.choose(m, i)
			}
		}
	}
	return false, nil
}

func (d *dialog) choose(m *model, i int) (bool, tea.Cmd) {
	do := d.choices[i].do
	switch {
	case do == nil:
		return true, nil
	case d.want != d.typed:
		m.complain("type " + d.want + " first")
		d.at = i
		return false, nil
	}
	return true, do(m)
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
		body = append(body, "", "Type "+m.st.bold.paint(d.want)+" to go on: "+m.st.key.paint(d.typed+"_"))
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

// prompt is one line of text in place of the footer, with words to complete from.
type prompt struct {
	label string
	input textinput.Model
	words []string
	do    func(*model, string) tea.Cmd
	live  func(*model, string) // called with every change; undone with what the text was
	was   string
}

func newPrompt(label, text string, words []string, do func(*model, string) tea.Cmd) *prompt {
	in := newInput(text)
	return &prompt{label: label, input: in, words: words, do: do, was: text}
}

// newInput is a text field without colours and blinking.
func newInput(text string) textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = 4096
	in.SetValue(text)
	in.CursorEnd()
	in.Focus()
	return in
}

func (p *prompt) full() bool                      { return false }
func (p *prompt) typing() bool                    { return true }
func (p *prompt) lines(*model, int, int) []string { return nil }

func (p *prompt) key(m *model, k tea.KeyMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "esc":
		if p.live != nil {
			p.live(m, p.was)
		}
		return true, nil
	case "enter":
		return true, p.do(m, p.input.Value())
	case "tab":
		if fits := p.fits(); len(fits) > 0 {
			p.input.SetValue(fits[0])
			p.input.CursorEnd()
		}
		return false, nil
	case "backspace":
		if p.input.Value() == "" {
			return true, nil
		}
	}
	p.input, _ = p.input.Update(k)
	if p.live != nil {
		p.live(m, p.input.Value())
	}
	return false, nil
}

// fits are the words that begin as what was typed; those of several parts only once their first one stands there.
func (p *prompt) fits() (list []string) {
	typed := p.input.Value()
	for _, w := range p.words {
		if strings.HasPrefix(w, typed) && strings.Count(w, " ") <= strings.Count(typed, " ") {
			list = append(list, w)
		}
	}
	return list
}

// line is the prompt with what could complete it.
func (p *prompt) line(st *styles, w int) string {
	hint := ""
	if len(p.words) > 0 {
		hint = "  " + strings.Join(p.fits(), "  ")
	}
	return fill(" "+st.key.paint(p.label)+inputLine(st, &p.input, max(10, w/2))+st.faint.paint(hint), w)
}

// inputLine draws a text field with its cursor, scrolled so that the cursor is seen.
func inputLine(st *styles, in *textinput.Model, w int) string {
	text, at := []rune(in.Value()), in.Position()
	from := 0
	for from < at && width(string(text[from:min(at+1, len(text))])) > w-2 {
		from++
	}
	before, under, after := string(text[from:at]), " ", ""
	if at < len(text) {
		under, after = string(text[at]), string(text[at+1:])
	}
	if !st.color {
		return before + "_" + strings.TrimPrefix(under+after, " ")
	}
	return before + st.selected.paint(under) + ansi.Truncate(after, max(0, w-width(before)-1), "…")
}
