// Package input provides single-line text fields: their editing keys, and how they are drawn with the cursor.
package input

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/tui/style"
)

// New returns a text field without colours or blinking.
func New(text string) textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = 4096
	in.SetValue(text)
	in.CursorEnd()
	in.Focus()
	return in
}

// Edit passes a key to a text field; Ctrl-U clears the field.
func Edit(in *textinput.Model, k tea.KeyMsg) {
	if k.String() == "ctrl+u" {
		in.SetValue("")
		return
	}
	*in, _ = in.Update(k)
}

// Line draws a text field, scrolled so that its cursor is visible.
func Line(st *style.Sheet, in *textinput.Model, w int) string {
	text, at := []rune(in.Value()), in.Position()
	from := 0
	for from < at && style.Width(string(text[from:min(at+1, len(text))])) > w-2 {
		from++
	}
	before, under, after := string(text[from:at]), " ", ""
	if at < len(text) {
		under, after = string(text[at]), string(text[at+1:])
	}
	if !st.Color {
		return before + "_" + strings.TrimPrefix(under+after, " ")
	}
	return before + st.Selected.Paint(under) + ansi.Truncate(after, max(0, w-style.Width(before)-1), "…")
}
