package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

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

// edit gives a key to a text field. ctrl+u clears all of it.
func edit(in *textinput.Model, k tea.KeyMsg) {
	if k.String() == "ctrl+u" {
		in.SetValue("")
		return
	}
	*in, _ = in.Update(k)
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
