package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"landfall/tui/input"
	"landfall/tui/keys"
	"landfall/tui/style"
)

// prompt is a line of text in place of the footer, with completions.
type prompt struct {
	label string
	input textinput.Model
	words []string
	do    func(*model, string) tea.Cmd
	live  func(*model, string) // called after every change; cancelling restores the initial text
	was   string
	path  bool // asks for the path of a file: completions follow the typed text
}

func newPrompt(label, text string, words []string, do func(*model, string) tea.Cmd) *prompt {
	in := input.New(text)
	return &prompt{label: label, input: in, words: words, do: do, was: text}
}

func (p *prompt) scope() keys.Scope               { return keys.InPrompt }
func (p *prompt) full() bool                      { return false }
func (p *prompt) typing() bool                    { return true }
func (p *prompt) layout(*model, int, int)         {}
func (p *prompt) lines(*model, int, int) []string { return nil }

// promptActions are the keys of every prompt, besides those of its text field.
func promptActions() []action {
	on := func(f func(p *prompt, m *model) tea.Cmd) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if p, is := m.top().(*prompt); is {
				return f(p, m)
			}
			return nil
		}
	}
	const group = "In a prompt"
	return []action{
		{Keys: []string{"enter"}, ID: "accept", Help: "accept the text", Group: group, Scope: keys.InPrompt, Do: on(func(p *prompt, m *model) tea.Cmd {
			m.close(p)
			return p.do(m, p.input.Value())
		})},
		{Keys: []string{"tab"}, ID: "complete", Help: "complete", Group: group, Scope: keys.InPrompt, Do: on((*prompt).complete)},
		{Keys: []string{"esc"}, ID: "cancel", Help: "cancel", Group: group, Scope: keys.InPrompt, Do: on((*prompt).cancel)},
	}
}

func (p *prompt) cancel(m *model) tea.Cmd {
	if p.live != nil {
		p.live(m, p.was)
	}
	m.close(p)
	return nil
}

func (p *prompt) complete(m *model) tea.Cmd {
	if fits := p.fits(); len(fits) > 0 {
		p.input.SetValue(fits[0])
		p.input.CursorEnd()
	}
	return p.ask(m)
}

// ask returns a command that finds completions of a path.
func (p *prompt) ask(m *model) tea.Cmd {
	if !p.path {
		return nil
	}
	return completePath(p.input.Value(), m.recentFile())
}

// key edits the text. Deleting from an empty text cancels the prompt.
func (p *prompt) key(m *model, k tea.KeyMsg) tea.Cmd {
	if k.String() == "backspace" && p.input.Value() == "" {
		m.close(p)
		return nil
	}
	input.Edit(&p.input, k)
	if p.live != nil {
		p.live(m, p.input.Value())
	}
	return p.ask(m)
}

// fits returns the completions of the typed text; those of several words only after the first word was typed.
func (p *prompt) fits() (list []string) {
	typed := p.input.Value()
	for _, w := range p.words {
		if strings.HasPrefix(w, typed) && strings.Count(w, " ") <= strings.Count(typed, " ") {
			list = append(list, w)
		}
	}
	return list
}

// line renders the prompt with its completions.
func (p *prompt) line(st *style.Sheet, w int) string {
	line, hint := " "+st.Key.Paint(p.label)+input.Line(st, &p.input, max(10, w/2)), ""
	if len(p.words) > 0 {
		hint = "  " + style.Joined(p.fits(), st.Glyph("›", ">"), w-style.Width(line)-2)
	}
	return style.Fill(line+st.Faint.Paint(hint), w)
}
