package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/tui/keys"
	"landfall/tui/style"
)

// footer renders the prompt, or the keys of the current scope and the last notice.
func (m *model) footer() string {
	st := m.Style
	if p, is := m.top().(*prompt); is {
		return p.line(st, m.W)
	}
	said, ink := m.notice.text, st.Accent
	switch {
	case m.sending != "":
		said = m.sending + " " + st.Glyph("…", "...")
	case m.notice.bad:
		ink = st.Bad
	}
	if said == "" {
		return style.Fill(m.keysLine(m.W), m.W)
	}
	room := m.W - style.Width(said) - 2
	if least := m.keysLine(0); room < style.Width(least)+1 { // what is said is cut before the way out is
		return style.Fill(" "+ink.Paint(ansi.Truncate(said, m.W-style.Width(least)-3, "…"))+" "+least, m.W)
	}
	return style.Fill(style.Fill(m.keysLine(room), room)+" "+ink.Paint(said), m.W)
}

// waysOut are the actions that the footer always has room for.
var waysOut = []string{"help", "quit", "close", "no", "leave", "tick-leave"}

// keysLine is the keys of this scope in at most w columns; help and the way out are always among them.
func (m *model) keysLine(w int) string {
	var own, parts, last []string // own: of what lies over the page
	used := 0
	for _, a := range m.actions {
		if !a.InFooter(m.scope()) || !a.Applies(m, m.page) {
			continue
		}
		part := m.hint(m.keysShown(a), m.footWord(a))
		switch {
		case slices.Contains(waysOut, a.Of()):
			last = append(last, part)
			used += style.Width(part) + 2
		case a.In(keys.OnPage):
			parts = append(parts, part)
		default:
			own = append(own, part)
		}
	}
	parts = append(own, parts...)
	line := ""
	for _, part := range parts {
		if used+style.Width(part)+2 <= w {
			line += " " + part + " "
			used += style.Width(part) + 2
		}
	}
	for _, part := range last {
		line += " " + part + " "
	}
	return strings.TrimRight(line, " ")
}

// footWord is what a key does, in the footer: in a text, up and down select nothing.
func (m *model) footWord(a action) string {
	if _, is := m.top().(*textPage); is && a.Of() == "up" {
		return "scroll"
	}
	return a.Foot
}

// keysShown is an action's key and that of its pair.
func (m *model) keysShown(a action) string {
	key := keys.Text(a.Keys[0])
	if a.Pair != "" {
		key += m.keyOf(a.Pair)
	}
	return key
}

func (m *model) hint(key, word string) string {
	return m.Style.Key.Paint(key) + " " + m.Style.Dim.Paint(word)
}

// keyOf is the first key of an action, as the footer shows it; "": it has none.
func (m *model) keyOf(name string) string {
	for _, a := range m.actions {
		if a.Of() == name && len(a.Keys) > 0 {
			return keys.Text(a.Keys[0])
		}
	}
	return ""
}
