package tui

import (
	"fmt"
	"strings"

	"landfall/loadgen"
	"landfall/node/figures"
	"landfall/node/orchestrator"
)

// draw draws the fields, what the one at hand means or what is wrong with it, and what all of it would do.
func (f *form) draw(st *styles, w, h int, more string) []string {
	note := "checked as you type"
	lines := f.column(st, f.top, min(f.top+f.rows, len(f.fields)), w-4)
	switch {
	case f.columns:
		half := (w - 4) / 2
		lines = f.column(st, 0, f.split(), half)
		right := f.column(st, f.split(), len(f.fields), w-4-half)
		for len(lines) < len(right) {
			lines = append(lines, spaces(half))
		}
		for i := range right {
			lines[i] += right[i]
		}
		lines = append(lines, "")
	case f.rows < len(f.fields):
		note = fmt.Sprintf("%d–%d of %d", f.top+1, f.top+f.rows, len(f.fields))
	}
	for len(lines) < min(f.rows, len(f.fields)+1) && !f.columns {
		lines = append(lines, "")
	}
	lines = append(lines, f.foot(st, w-4)...)
	if room := h - 2 - len(lines); room > 5 && f.err == nil {
		lines = append(lines, "", st.rule.paint(strings.Repeat(st.glyph("─", "-"), w-4)), st.dim.paint("The spec as it will be sent"))
		for _, line := range f.sent[:min(len(f.sent), room-4)] {
			lines = append(lines, st.faint.paint(cell(line, w-4)))
		}
		if len(f.sent) > room-4 {
			lines = append(lines, st.dim.paint("… "+more+" shows all of it"))
		}
	}
	return st.panel(f.heading(), st.dim.paint(note), lines, w, h)
}

// split is the first field of the second column.
func (f *form) split() int {
	for i, field := range f.fields {
		if field.name == "connections" {
			return i
		}
	}
	return len(f.fields)
}

func (f *form) column(st *styles, from, to, w int) (lines []string) {
	for i := from; i < to; i++ {
		lines = append(lines, f.fieldLine(st, i, w))
	}
	return lines
}

func article(k loadgen.Kind) string {
	if k == loadgen.Tsunami {
		return "a Tsunami"
	}
	return "an Avalanche"
}

func (f *form) fieldLine(st *styles, i, w int) string {
	field := f.fields[i]
	const labelW = 20
	room := max(8, w-labelW-5)
	lead, label := "  ", st.dim.paint(cell(field.label, labelW))
	if i == f.at {
		lead, label = st.key.paint(st.glyph("▸", ">"))+" ", st.bold.paint(cell(field.label, labelW))
	}
	text := cell(field.input.Value(), room)
	switch {
	case field.name == "options" && (i != f.at || field.hot >= 0):
		text = f.boxes(st, field, i == f.at, room)
	case i == f.at:
		text = inputLine(st, &field.input, room)
	case field.input.Value() == "":
		text = st.faint.paint(cell(field.input.Placeholder, room))
	}
	mark := "  "
	if field.err != nil {
		mark = st.bad.paint(st.glyph("✖", "x")) + " "
	}
	return fill(lead+label+" "+mark+text, w)
}

// foot is what has no field, what the field at hand wants, and what the whole would do.
func (f *form) foot(st *styles, w int) []string {
	at := f.fields[f.at]
	hint := st.dim.paint(at.hint)
	if at.err != nil {
		hint = st.bad.paint(st.glyph("✖", "x") + " " + cell(at.err.Error(), w-2))
	}
	lines := []string{st.rule.paint(strings.Repeat(st.glyph("─", "-"), w)), hint}
	if len(f.extra) > 0 {
		from := ""
		if f.from != "" {
			from = " (" + f.from + ")"
		}
		lines = append([]string{st.warn.paint(cell("Also sent: "+strings.Join(f.extra, ", ")+from, w))}, lines...)
	}
	switch {
	case f.err != nil && f.err == at.err: // it says so above
		return append(lines, st.warn.paint("Not ready"))
	case f.err != nil:
		return append(lines, st.warn.paint(cell("Not ready: "+f.err.Error(), w)))
	}
	lines = append(lines, st.good.paint(cell(forecastText(f.draft.spec, f.forecast), w)))
	if shape := shapeOf(st, f.draft.spec.Stages, min(60, w-20)); shape != "" {
		lines = append(lines, st.dim.paint("rate over time  ")+st.sent.paint(shape))
	}
	if n := len(f.forecast.WouldRefuse); n > 0 {
		lines = append(lines, st.bad.paint(cell(st.glyph("✖", "x")+" "+f.forecast.WouldRefuse[0].String()+more(n-1), w)))
	}
	return lines
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// forecastText says in one sentence what a spec would do.
func forecastText(spec loadgen.Spec, f orchestrator.Forecast) string {
	n := len(f.Drivers)
	each := ""
	spec = spec.WithDefaults()
	var text string
	if spec.Kind == loadgen.Tsunami {
		if n > 1 {
			each = ", " + short(f.EachRPS) + " each"
		}
		text = "Up to "
		if len(spec.Stages) == 0 {
			text = ""
		}
		text += figures.Count(int64(f.RateRPS+0.5)) + " requests/s from " + figures.Plural(int64(n), "driver") + each
	} else {
		text = fmt.Sprintf("%s at full speed from %s", figures.Plural(int64(spec.Connections*n), "connection"), figures.Plural(int64(n), "driver"))
	}
	if f.Duration > 0 {
		text += ", for " + lasting(f.Duration)
	}
	if f.Requests > 0 {
		text += ", " + figures.Count(f.Requests) + " requests"
	}
	return text + ", to " + hostOf(spec.Target)
}

// heading is what the form composes.
func (f *form) heading() string { return "Compose " + article(f.kind) }
