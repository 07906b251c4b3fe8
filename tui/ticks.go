package tui

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/keys"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// ticks is a list of drivers with check boxes, for a form's field.
type ticks struct {
	form    *composing
	drivers []tick
	at, top int
}

type tick struct {
	id, labels string
	on         bool
}

// pickDrivers opens the list of the drivers that are alive. Those in the field are checked, or all.
func (f *composing) pickDrivers(m *model) tea.Cmd {
	named := strings.FieldsFunc(f.Value("drivers"), func(r rune) bool { return r == ',' || r == ' ' })
	all := len(named) == 0 || named[0] == "all"
	t := &ticks{form: f}
	m.conductor.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			if d.Liveness == fleet.Alive {
				t.drivers = append(t.drivers, tick{d.NodeID, sample.LabelText(d.Labels), all || slices.Contains(named, d.NodeID)})
			}
		}
	})
	if len(t.drivers) == 0 {
		m.complain("no driver is alive")
		return nil
	}
	sort.Slice(t.drivers, func(i, j int) bool { return sample.Natural(t.drivers[i].id, t.drivers[j].id) < 0 })
	return m.open(t)
}

func (*ticks) scope() keys.Scope              { return keys.InPick }
func (*ticks) full() bool                     { return false }
func (*ticks) typing() bool                   { return false }
func (*ticks) key(*model, tea.KeyMsg) tea.Cmd { return nil }

func (t *ticks) layout(_ *model, _, h int) {
	rows := t.rows(h)
	t.top = max(0, min(max(min(t.top, t.at), t.at-rows+1), len(t.drivers)-rows))
}

// rows returns the number of visible drivers on a page h lines high.
func (t *ticks) rows(h int) int { return max(1, min(len(t.drivers), h-4)) }

func (t *ticks) ticked() (ids []string) {
	for _, d := range t.drivers {
		if d.on {
			ids = append(ids, d.id)
		}
	}
	return ids
}

func (t *ticks) lines(m *model, w, h int) []string {
	st, rows := m.Style, t.rows(h)
	inner := min(w-8, 70)
	var lines []string
	for i := t.top; i < min(t.top+rows, len(t.drivers)); i++ {
		d := t.drivers[i]
		box := "[ ] "
		if d.on {
			box = "[" + st.Glyph("✓", "x") + "] "
		}
		line := style.Fill(box+style.Cell(d.id, min(24, inner/2))+"  "+st.Dim.Paint(node.Clean(d.labels, 100)), inner-2)
		if i == t.at {
			lines = append(lines, st.Selected.Paint(st.Glyph("▸ ", "> ")+box+style.Cell(d.id, min(24, inner/2))+"  "+style.Cell(d.labels, inner-8-min(24, inner/2))))
		} else {
			lines = append(lines, "  "+line)
		}
	}
	return st.Panel("Drivers", st.Dim.Paint(fmt.Sprintf("%d of %d", len(t.ticked()), len(t.drivers))), lines, inner+4, rows+2)
}

// pickActions are the keys of a list with check boxes.
func pickActions() []action {
	on := func(f func(t *ticks, m *model)) func(*model, string) tea.Cmd {
		return func(m *model, _ string) tea.Cmd {
			if t, is := m.top().(*ticks); is {
				f(t, m)
			}
			return nil
		}
	}
	move := func(by int) func(*model, string) tea.Cmd {
		return on(func(t *ticks, _ *model) { t.at = max(0, min(t.at+by, len(t.drivers)-1)) })
	}
	const group = "In a list"
	return []action{
		{Keys: []string{"up", "k"}, ID: "tick-up", Help: "up", Group: group, Foot: "select", Pair: "tick-down", Scope: keys.InPick, Do: move(-1)},
		{Keys: []string{"down", "j"}, ID: "tick-down", Help: "down", Group: group, Scope: keys.InPick, Do: move(1)},
		{Keys: []string{"pgup"}, ID: "tick-screen-up", Help: "ten rows up", Group: group, Scope: keys.InPick, Do: move(-10)},
		{Keys: []string{"pgdown"}, ID: "tick-screen-down", Help: "ten rows down", Group: group, Scope: keys.InPick, Do: move(10)},
		{Keys: []string{" ", "x"}, ID: "tick", Help: "select or deselect the driver", Group: group, Foot: "toggle", Scope: keys.InPick, Do: on(func(t *ticks, _ *model) {
			t.drivers[t.at].on = !t.drivers[t.at].on
			t.at = min(t.at+1, len(t.drivers)-1)
		})},
		{Keys: []string{"a"}, ID: "tick-all", Help: "select all or none", Group: group, Foot: "all, none", Scope: keys.InPick, Do: on(func(t *ticks, _ *model) {
			all := len(t.ticked()) < len(t.drivers)
			for i := range t.drivers {
				t.drivers[i].on = all
			}
		})},
		{Keys: []string{"enter"}, ID: "tick-done", Help: "accept the selection", Group: group, Foot: "accept", Scope: keys.InPick, Do: on((*ticks).take)},
		{Keys: []string{"esc", "q"}, ID: "tick-leave", Help: "cancel: the field stays as it was", Group: group, Foot: "cancel", Scope: keys.InPick, Do: on(func(t *ticks, m *model) { m.close(t) })},
	}
}

// take copies the checked drivers to the form's field.
func (t *ticks) take(m *model) {
	ids := t.ticked()
	switch len(ids) {
	case 0:
		m.complain("select at least one driver")
		return
	case len(t.drivers):
		ids = []string{"all"}
	}
	m.close(t)
	t.form.Set("drivers", strings.Join(ids, ","))
	t.form.reread(m)
}
