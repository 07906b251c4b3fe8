package form

import (
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/tui/chart"
	"landfall/tui/style"
)

// Fields with few possible values can be chosen from a list as well as typed.

// methods are the HTTP methods that the form offers; "" is the default.
var methods = []string{"", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// Choose selects the next or previous value of the selected field, or moves to the next or previous option.
func (f *Form) Choose(by int, drivers []string) {
	field := f.Fields[f.At]
	if field.Name == "options" {
		if n := len(toggles(f.Kind)); field.hot < 0 {
			field.hot = 0
		} else {
			field.hot = (field.hot + by + n) % n
		}
		return
	}
	list := f.choices(drivers)
	at := slices.Index(list, strings.TrimSpace(field.input.Value()))
	if at < 0 && by < 0 {
		at = 0
	}
	field.input.SetValue(list[(at+by+len(list))%len(list)])
	field.input.CursorEnd()
}

// choices returns the values of the selected field; nil: it is free text.
func (f *Form) choices(drivers []string) []string {
	switch f.Fields[f.At].Name {
	case "method":
		return methods
	case "drivers":
		return drivers
	}
	return nil
}

// toggles returns the options of a kind that are on or off.
func toggles(kind loadgen.Kind) (names []string) {
	for _, o := range options {
		if o.only == "" || o.only == kind {
			names = append(names, o.name)
		}
	}
	return names
}

// Toggle turns the selected option on or off.
func (f *Form) Toggle() {
	field := f.Fields[f.At]
	name := toggles(f.Kind)[field.hot]
	words := strings.FieldsFunc(field.input.Value(), func(r rune) bool { return r == ' ' || r == ',' })
	if i := slices.Index(words, name); i >= 0 {
		words = slices.Delete(words, i, i+1)
	} else {
		words = append(words, name)
	}
	field.input.SetValue(strings.Join(words, " "))
	field.input.CursorEnd()
}

// boxes returns the options as check boxes, followed by any other typed text. In two columns they take as many lines as they need. Otherwise,
// if they do not fit, only the checked ones are shown while the field is not selected, and the selected one stays visible.
func (f *Form) boxes(st *style.Sheet, field *Field, at bool, w int) []string {
	parts := f.boxParts(st, field, at, " ")
	if f.columns || style.Width(strings.Join(parts, "  ")) <= w {
		return flowed(parts, w)
	}
	return []string{f.fewBoxes(st, field, at, w)}
}

// flowed joins parts to lines of w columns.
func flowed(parts []string, w int) []string {
	lines := []string{""}
	for _, part := range parts {
		switch last := &lines[len(lines)-1]; {
		case *last == "":
			*last = part
		case style.Width(*last)+2+style.Width(part) <= w:
			*last += "  " + part
		default:
			lines = append(lines, part)
		}
	}
	return lines
}

// fewBoxes returns the options that fit into w columns.
func (f *Form) fewBoxes(st *style.Sheet, field *Field, at bool, w int) string {
	parts := f.boxParts(st, field, at, "")
	switch all := strings.Join(parts, " "); {
	case style.Width(all) <= w:
		return all
	case !at:
		return f.checked(st, field, w)
	}
	hot := field.hot
	for len(parts) > 1 && hot > 0 && style.Width(strings.Join(parts[:min(hot+1, len(parts))], "  ")) > w {
		parts, hot = parts[1:], hot-1
	}
	return style.Joined(parts, st.Glyph("›", ">"), w)
}

// boxParts returns the options, each with its box and a gap after it.
func (f *Form) boxParts(st *style.Sheet, field *Field, at bool, gap string) (parts []string) {
	words := strings.FieldsFunc(field.input.Value(), func(r rune) bool { return r == ' ' || r == ',' })
	for i, name := range toggles(f.Kind) {
		box := "[ ]"
		if k := slices.Index(words, name); k >= 0 {
			box, words = "["+st.Glyph("✓", "x")+"]", slices.Delete(words, k, k+1)
		}
		part := box + gap + name
		if at && i == field.hot {
			part = st.Selected.Paint(part)
		}
		parts = append(parts, part)
	}
	return append(parts, words...)
}

// checked lists the options that are on, where there is no room for boxes.
func (f *Form) checked(st *style.Sheet, field *Field, w int) string {
	if text := field.input.Value(); text != "" {
		return style.Cell(text, w)
	}
	return st.Hint(field.input.Placeholder, w)
}

// shapeOf draws the rate of stages over time as a row of n bars; "": they have no end.
func shapeOf(st *style.Sheet, stages []loadgen.Stage, n int) string {
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
	return chart.Bars(st, values)
}

// Choosable reports whether the selected field has values to choose from.
func (f *Form) Choosable() bool {
	name := f.AtHand()
	return name == "options" || name == "method" || name == "drivers"
}

// Togglable reports whether an option is selected.
func (f *Form) Togglable() bool { return f.AtHand() == "options" && f.Fields[f.At].hot >= 0 }
