package tui

import (
	"maps"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/loadgen"
	"landfall/node/fleet"
)

// Fields whose values are few can be chosen from, besides being typed.

// methods are the HTTP methods that the form offers; "" is the default.
var methods = []string{"", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// choose takes the next value of the field at hand, or the one before; options are gone through one by one.
func (f *form) choose(m *model, by int) {
	field := f.fields[f.at]
	if field.name == "options" {
		if n := len(toggles(f.kind)); field.hot < 0 {
			field.hot = 0
		} else {
			field.hot = (field.hot + by + n) % n
		}
		return
	}
	list := f.choices(m)
	at := slices.Index(list, strings.TrimSpace(field.input.Value()))
	if at < 0 && by < 0 {
		at = 0
	}
	field.input.SetValue(list[(at+by+len(list))%len(list)])
	field.input.CursorEnd()
	f.refresh(m)
}

// choices are the values that the field at hand can be chosen from; nil: it is only typed.
func (f *form) choices(m *model) []string {
	switch f.fields[f.at].name {
	case "method":
		return methods
	case "drivers":
		return m.driverChoices()
	}
	return nil
}

// canChoose tells whether the field at hand has values to choose from.
func canChoose(m *model) bool {
	f, is := m.top().(*form)
	return is && (f.fields[f.at].name == "options" || f.choices(m) != nil)
}

// canToggle tells whether an option is at hand.
func canToggle(m *model) bool {
	f, is := m.top().(*form)
	return is && f.fields[f.at].name == "options" && f.fields[f.at].hot >= 0
}

// driverChoices are all drivers, the marked ones, and those of each label.
func (m *model) driverChoices() []string {
	labels := map[string]bool{}
	m.conductor.View(func(s *fleet.State) {
		for _, d := range s.Drivers() {
			if d.Liveness != fleet.Alive {
				continue
			}
			for name, value := range d.Labels {
				if len(labels) < 50 && !strings.ContainsAny(name+value, ",= ") {
					labels[name+"="+value] = true
				}
			}
		}
	})
	list := []string{"all"}
	if marked := m.markedIDs(); len(marked) > 0 {
		list = append(list, strings.Join(marked, ","))
	}
	return append(list, slices.SortedFunc(maps.Keys(labels), natural)...)
}

// toggles are the options of a kind that are on or off.
func toggles(kind loadgen.Kind) (names []string) {
	for _, o := range options {
		if o.only == "" || o.only == kind {
			names = append(names, o.name)
		}
	}
	return names
}

// toggle switches the option at hand on or off.
func (f *form) toggle(m *model) tea.Cmd {
	field := f.fields[f.at]
	name := toggles(f.kind)[field.hot]
	words := strings.FieldsFunc(field.input.Value(), func(r rune) bool { return r == ' ' || r == ',' })
	if i := slices.Index(words, name); i >= 0 {
		words = slices.Delete(words, i, i+1)
	} else {
		words = append(words, name)
	}
	field.input.SetValue(strings.Join(words, " "))
	field.input.CursorEnd()
	f.refresh(m)
	return nil
}

// boxes are the options as boxes to check, and what else was typed.
func (f *form) boxes(st *styles, field *formField, at bool, w int) string {
	words := strings.FieldsFunc(field.input.Value(), func(r rune) bool { return r == ' ' || r == ',' })
	var parts []string
	for i, name := range toggles(f.kind) {
		box := "[ ] "
		if k := slices.Index(words, name); k >= 0 {
			box, words = "["+st.glyph("✓", "x")+"] ", slices.Delete(words, k, k+1)
		}
		part := box + name
		if at && i == field.hot {
			part = st.selected.paint(part)
		}
		parts = append(parts, part)
	}
	parts = append(parts, words...)
	for at && len(parts) > 1 && field.hot > 0 && width(strings.Join(parts[:min(field.hot+1, len(parts))], "  ")) > w {
		parts = parts[1:] // the one at hand stays in sight
		field = &formField{hot: field.hot - 1}
	}
	return strings.Join(parts, "  ")
}

// bars is a row of bars.
func bars(st *styles, values []float64) string {
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		b.WriteString(st.glyph(string([]rune("▁▂▃▄▅▆▇█")[level(v, top*1.001, 8)-1]), string("._-=+*%#"[level(v, top*1.001, 8)-1])))
	}
	return b.String()
}

// shapeOf is the rate over time that stages ask for, as a row of n bars; "": they have no end.
func shapeOf(st *styles, stages []loadgen.Stage, n int) string {
	var all loadgen.Duration
	for _, s := range stages {
		all += s.Duration
	}
	if len(stages) == 0 || all <= 0 {
		return ""
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = loadgen.Schedule(stages).Rate(all.Std() * time.Duration(2*i+1) / time.Duration(2*n))
	}
	return bars(st, values)
}
