package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// footer is a prompt, or the keys that do something here with what was last said.
func (m *model) footer() string {
	st := m.st
	if p, is := m.top().(*prompt); is {
		return p.line(st, m.w)
	}
	said, ink := m.notice.text, st.accent
	switch {
	case m.sending != "":
		said = m.sending + " " + st.glyph("…", "...")
	case m.notice.bad:
		ink = st.bad
	}
	if said == "" {
		return fill(m.keysLine(m.w), m.w)
	}
	room := m.w - width(said) - 2
	if least := m.keysLine(0); room < width(least)+1 { // what is said is cut before the way out is
		return fill(" "+ink.paint(ansi.Truncate(said, m.w-width(least)-3, "…"))+" "+least, m.w)
	}
	return fill(fill(m.keysLine(room), room)+" "+ink.paint(said), m.w)
}

// waysOut are the actions that the footer always has room for.
var waysOut = []string{"help", "quit", "close", "no", "leave"}

// keysLine is the keys of this scope in at most w columns; help and the way out are always among them.
func (m *model) keysLine(w int) string {
	var own, parts, last []string // own: of what lies over the page
	used := 0
	for _, a := range m.actions {
		if a.foot == "" || len(a.keys) == 0 || !a.in(m.scope()) || !a.applies(m, m.page) {
			continue
		}
		part := m.hint(m.keysShown(a), a.foot)
		switch {
		case slices.Contains(waysOut, a.of()):
			last = append(last, part)
			used += width(part) + 2
		case a.in(onPage):
			parts = append(parts, part)
		default:
			own = append(own, part)
		}
	}
	parts = append(own, parts...)
	line := ""
	for _, part := range parts {
		if used+width(part)+2 <= w {
			line += " " + part + " "
			used += width(part) + 2
		}
	}
	for _, part := range last {
		line += " " + part + " "
	}
	return strings.TrimRight(line, " ")
}

// keysShown is an action's key and that of its pair.
func (m *model) keysShown(a action) string {
	key := keyText(a.keys[0])
	if a.pair != "" {
		key += m.keyOf(a.pair)
	}
	return key
}

func (m *model) hint(key, word string) string {
	return m.st.key.paint(key) + " " + m.st.dim.paint(word)
}

// keyOf is the first key of an action, as the footer shows it; "": it has none.
func (m *model) keyOf(name string) string {
	for _, a := range m.actions {
		if a.of() == name && len(a.keys) > 0 {
			return keyText(a.keys[0])
		}
	}
	return ""
}
