// Package help writes the table of actions as text: what applies where the operator is comes first, then the actions by group. It can be
// narrowed to a searched text.
package help

import (
	"slices"
	"strings"

	"landfall/tui/keys"
	"landfall/tui/style"
)

// Place is where help was asked for.
type Place struct {
	Scope keys.Scope
	Page  keys.Page
	Title string // heading of the actions that apply only there
}

// twoColumns is the minimum width of a text in two columns.
const twoColumns = 100

// gap separates the columns.
const gap = 2

// Lines returns the help in lines of w columns, with the actions that contain a text, ignoring case; "": all of them. With enough room it has
// two columns.
func Lines[M any](st *style.Sheet, list []keys.Action[M], at Place, find string, w int) []string {
	colW := w
	if w >= twoColumns {
		colW = (w - gap) / 2
	}
	blocks := blocksOf(st, list, at, strings.ToLower(find), colW)
	switch {
	case len(blocks) == 0:
		return []string{"", st.Dim.Paint(" no action matches " + find)}
	case colW == w:
		return slices.Concat(blocks...)
	}
	return beside(blocks, colW)
}

// blocksOf returns the actions of the place and those of each group, under their headings.
func blocksOf[M any](st *style.Sheet, list []keys.Action[M], at Place, find string, w int) (blocks [][]string) {
	add := func(title string, belongs func(keys.Action[M]) bool) {
		var lines []string
		for _, a := range list {
			if belongs(a) && matches(a, title, find) {
				lines = append(lines, entry(st, a, !own(at, a), w)...)
			}
		}
		if len(lines) > 0 {
			blocks = append(blocks, append([]string{"", st.Title.Paint(title)}, lines...))
		}
	}
	add(at.Title, func(a keys.Action[M]) bool { return own(at, a) })
	for i, a := range list {
		if !slices.ContainsFunc(list[:i], func(b keys.Action[M]) bool { return b.Group == a.Group }) {
			add(a.Group, func(b keys.Action[M]) bool { return b.Group == a.Group && !own(at, b) })
		}
	}
	if find == "" {
		blocks = append(blocks, append([]string{"", st.Title.Paint("Signs")}, signs(st, w)...))
	}
	return blocks
}

// own reports whether an action applies at a place, but not everywhere.
func own[M any](at Place, a keys.Action[M]) bool {
	switch {
	case len(a.Keys) == 0 || !a.In(at.Scope):
		return false
	case at.Scope == keys.OnPage:
		return slices.Contains(a.Where, at.Page)
	}
	return !a.In(keys.OnPage)
}

// matches reports whether an action contains the searched text.
func matches[M any](a keys.Action[M], title, find string) bool {
	return strings.Contains(strings.ToLower(strings.Join([]string{title, pressed(a), typed(a), a.Help, where(a)}, " ")), find)
}

// pressed returns an action's keys.
func pressed[M any](a keys.Action[M]) (text string) {
	for _, k := range a.Keys {
		text = strings.TrimLeft(text+" "+keys.Text(k), " ")
	}
	return text
}

// typed returns an action's name for the prompt; "": it has none.
func typed[M any](a keys.Action[M]) string {
	if a.Name == "" {
		return ""
	}
	return strings.TrimSpace(":" + a.Name + " " + a.Arg)
}

// where names the pages on which an action applies; "": it applies on all.
func where[M any](a keys.Action[M]) string {
	var names []string
	for _, p := range a.Where {
		names = append(names, keys.PageNames[p])
	}
	return strings.Join(names, ", ")
}

// keysW is the width of most actions' keys.
const keysW = 12

// entry returns an action's keys and, beside them, its pages if asked for, its description and its name for the prompt, in lines of w columns.
// Keys that need more room have a line of their own.
func entry[M any](st *style.Sheet, a keys.Action[M], pages bool, w int) (lines []string) {
	text, lead := a.Help, st.Key.Paint(style.Fill(" "+pressed(a), keysW))
	if on := where(a); pages && on != "" {
		text = "on " + on + ": " + text
	}
	if style.Width(pressed(a))+2 > keysW {
		lines, lead = []string{" " + st.Key.Paint(pressed(a))}, style.Spaces(keysW)
	}
	about := style.Wrap(text, w-keysW)
	if name := typed(a); name != "" {
		if last := len(about) - 1; style.Width(about[last])+2+style.Width(name) <= w-keysW {
			about[last] += "  " + st.Accent.Paint(name)
		} else {
			about = append(about, st.Accent.Paint(name))
		}
	}
	for _, line := range about {
		lines, lead = append(lines, lead+line), style.Spaces(keysW)
	}
	return lines
}

// beside returns blocks in two columns of about the same height, each w columns wide.
func beside(blocks [][]string, w int) []string {
	total, split, best := 0, 1, 0
	for _, b := range blocks {
		total += len(b)
	}
	for i, used := 0, 0; i < len(blocks); i++ {
		used += len(blocks[i])
		if tall := max(used, total-used); i == 0 || tall < best {
			split, best = i+1, tall
		}
	}
	left, right := slices.Concat(blocks[:split]...), slices.Concat(blocks[split:]...)
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		if i < len(left) {
			lines[i] = left[i]
		}
		if i < len(right) {
			lines[i] = style.Fill(lines[i], w+gap) + right[i]
		}
	}
	return lines
}

// signs lists the signs of states, in lines of w columns.
func signs(st *style.Sheet, w int) (lines []string) {
	g, line := st.Glyph, ""
	for _, sign := range []string{g("●", "*") + " running", g("○", "o") + " idle", g("◆", "+") + " armed", g("‖", "=") + " paused", g("▽", "v") + " draining", g("▲", "!") + " late", g("✖", "x") + " lost"} {
		if line != "" && style.Width(line)+3+style.Width(sign) > w {
			lines, line = append(lines, line), ""
		}
		line += " " + sign + "  "
	}
	return append(lines, strings.TrimRight(line, " "))
}
