package tui

import (
	"slices"
	"strings"
	"time"

	"landfall/loadgen"
)

// Fields whose values are few can be chosen from, besides being typed.

// methods are the HTTP methods that the form offers; "" is the default.
var methods = []string{"", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// choose takes the next value of the field at hand, or the one before; options are gone through one by one.
func (f *form) choose(by int, drivers []string) {
	field := f.fields[f.at]
	if field.name == "options" {
		if n := len(toggles(f.kind)); field.hot < 0 {
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

// choices are the values that the field at hand can be chosen from; nil: it is only typed.
func (f *form) choices(drivers []string) []string {
	switch f.fields[f.at].name {
	case "method":
		return methods
	case "drivers":
		return drivers
	}
	return nil
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
func (f *form) toggle() {
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

// choosable tells whether the field at hand has values to choose from.
func (f *form) choosable() bool {
	name := f.atHand()
	return name == "options" || name == "method" || name == "drivers"
}

// togglable tells whether an option is at hand.
func (f *form) togglable() bool { return f.atHand() == "options" && f.fields[f.at].hot >= 0 }
