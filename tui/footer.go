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
	text, ink := m.notice.text, st.Accent
	switch {
	case m.sending != "":
		text = m.sending + " " + st.Glyph("…", "...")
	case m.notice.bad:
		ink = st.Bad
	}
	if text == "" {
		return style.Fill(m.keysLine(m.W), m.W)
	}
	room := m.W - style.Width(text) - 2
	if least := m.keysLine(0); room < style.Width(least)+1 { // shorten the message rather than hide how to go back
		return style.Fill(" "+ink.Paint(ansi.Truncate(text, m.W-style.Width(least)-3, "…"))+" "+least, m.W)
	}
	return style.Fill(style.Fill(m.keysLine(room), room)+" "+ink.Paint(text), m.W)
}

// exitActions are the actions that the footer always shows.
var exitActions = []string{"help", "quit", "close", "no", "leave", "tick-leave"}

// moreActions are further actions that the footer shows if there is room, in this order, with the words for them.
var moreActions = []struct {
	name, word string
	pair       string // the other action of a pair
	charts     bool   // of use only where charts are
}{
	{"failures", "failures", "", false}, {"findings", "findings", "", false}, {"zoom", "zoom", "", true}, {"charts", "its charts", "", true}, {"earlier", "read", "later", true}, {"shorter", "span", "longer", true},
	{"freeze", "freeze", "", true}, {"log", "log/linear", "", true}, {"trend", "trend", "", true}, {"mark", "mark", "", false}, {"sort", "sort", "", false}, {"copy", "copy", "", false}, {"copy-command", "copy command", "", false}, {"left", "left drivers", "", false},
}

// more returns the keys of the actions that the footer shows if there is room.
func (m *model) more() (parts []string) {
	drawn := m.charts.Has(&m.Display) && (m.page == keys.PageLive || m.previews() || m.scope() == keys.InDetail)
	for _, more := range moreActions {
		for _, a := range m.actions {
			if a.Of() == more.name && (drawn || !more.charts) && a.Foot == "" && len(a.Keys) > 0 && a.In(m.scope()) && a.Applies(m, m.page) {
				a.Pair = more.pair
				parts = append(parts, m.hint(m.keysShown(a), more.word))
			}
		}
	}
	return parts
}

// usable reports whether an action can succeed: while Kafka is unreachable, nothing can be sent to drivers.
func (m *model) usable(a action) bool {
	return a.Applies(m, m.page) && (m.Sample.Trouble == nil || a.Group != "Act" || m.scope() != keys.OnPage)
}

// keysLine returns the keys of this scope in at most w columns. It always includes the keys for help and for
// going back.
func (m *model) keysLine(w int) string {
	var own, parts, last []string // own: keys of the overlay
	used := 0
	for _, a := range m.actions {
		if !a.InFooter(m.scope()) || !m.usable(a) {
			continue
		}
		part := m.hint(m.keysShown(a), m.footWord(a))
		switch {
		case slices.Contains(exitActions, a.Of()):
			last = append(last, part)
			used += style.Width(part) + 2
		case a.In(keys.OnPage):
			parts = append(parts, part)
		default:
			own = append(own, part)
		}
	}
	parts = slices.Concat(own, parts, m.more())
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

// footWord returns the footer's word for an action. In a text, up and down scroll.
func (m *model) footWord(a action) string {
	if _, is := m.top().(*textPage); is && a.Of() == "up" {
		return "scroll"
	}
	if d, is := m.top().(*dialog); is && a.Of() == "no" && len(d.choices) == 1 {
		return d.choices[0].label
	}
	return a.Foot
}

// keysShown returns an action's key and that of its pair.
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

// keyOf returns an action's first key as the footer shows it; "": it has none.
func (m *model) keyOf(name string) string {
	for _, a := range m.actions {
		if a.Of() == name && len(a.Keys) > 0 {
			return keys.Text(a.Keys[0])
		}
	}
	return ""
}
