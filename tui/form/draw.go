package form

import (
	"fmt"
	"strings"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/orchestrator"
	"landfall/tui/input"
	"landfall/tui/style"
)

// Draw renders the fields, the hint or error of the selected one, and the forecast.
func (f *Form) Draw(st *style.Sheet, w, h int, more string) []string {
	note := "checked as you type"
	lines := f.column(st, f.top, min(f.top+f.rows, len(f.Fields)), w-4)
	switch {
	case f.columns:
		half := (w - 4) / 2
		lines = f.column(st, 0, f.split(), half)
		right := f.column(st, f.split(), len(f.Fields), w-4-half)
		for len(lines) < len(right) {
			lines = append(lines, style.Spaces(half))
		}
		for i := range right {
			lines[i] += right[i]
		}
		lines = append(lines, "")
	case f.rows < len(f.Fields):
		note = fmt.Sprintf("%d–%d of %d", f.top+1, f.top+f.rows, len(f.Fields))
	}
	for len(lines) < min(f.rows, len(f.Fields)+1) && !f.columns {
		lines = append(lines, "")
	}
	lines = append(lines, f.foot(st, w-4)...)
	if room := h - 2 - len(lines); room > 5 && f.Err == nil {
		lines = append(lines, "", st.Rule.Paint(strings.Repeat(st.Glyph("─", "-"), w-4)), st.Bold.Paint("The spec as it will be sent"))
		for _, line := range f.sent[:min(len(f.sent), room-4)] {
			lines = append(lines, st.Dim.Paint(style.Cell(line, w-4)))
		}
		if len(f.sent) > room-4 {
			lines = append(lines, st.Dim.Paint("… "+more+" shows all of it"))
		}
	}
	return st.Panel(f.heading(), st.Dim.Paint(note), lines, w, h)
}

// split returns the index of the first field of the second column.
func (f *Form) split() int {
	for i, field := range f.Fields {
		if field.Name == "connections" {
			return i
		}
	}
	return len(f.Fields)
}

func (f *Form) column(st *style.Sheet, from, to, w int) (lines []string) {
	for i := from; i < to; i++ {
		lines = append(lines, f.fieldLines(st, i, w)...)
	}
	return lines
}

// labelW is the width of the fields' labels.
const labelW = 20

// fieldLines renders a field; check boxes may take several lines.
func (f *Form) fieldLines(st *style.Sheet, i, w int) []string {
	field := f.Fields[i]
	more := []string{}
	room := max(8, w-labelW-5)
	lead, label := "  ", st.Dim.Paint(style.Cell(field.label, labelW))
	if i == f.At {
		lead, label = st.Key.Paint(st.Glyph("▸", ">"))+" ", st.Bold.Paint(style.Cell(field.label, labelW))
	}
	text := style.Cell(field.input.Value(), room)
	switch {
	case field.Name == "options" && (i != f.At || field.hot >= 0):
		boxes := f.boxes(st, field, i == f.At, room)
		text, more = boxes[0], boxes[1:]
	case i == f.At:
		text = input.Line(st, &field.input, room)
	case field.input.Value() == "":
		text = st.Hint(field.input.Placeholder, room)
	}
	mark := "  "
	if field.Err != nil {
		mark = st.Bad.Paint(st.Glyph("✖", "x")) + " "
	}
	lines := []string{style.Fill(lead+label+" "+mark+text, w)}
	for _, text := range more {
		lines = append(lines, style.Fill(style.Spaces(labelW+5)+text, w))
	}
	return lines
}

// foot renders what has no field, the hint of the selected field, and the forecast.
func (f *Form) foot(st *style.Sheet, w int) []string {
	at := f.Fields[f.At]
	hint := painted(st.Dim, at.hint, w)
	if at.Err != nil {
		hint = painted(st.Bad, st.Glyph("✖", "x")+" "+node.Clean(at.complaint(), 2*w), w)
	}
	if list := f.Completions(); len(list) > 0 {
		hint = []string{st.Accent.Paint(st.Glyph("→ ", "> ")+list[0]) + st.Dim.Paint("  "+style.Joined(list[1:], st.Glyph("›", ">"), w-style.Width(list[0])-4))}
	}
	lines := append([]string{st.Rule.Paint(strings.Repeat(st.Glyph("─", "-"), w))}, hint...)
	if len(f.Extra) > 0 {
		from := ""
		if f.From != "" {
			from = " (" + f.From + ")"
		}
		lines = append([]string{st.Warn.Paint(style.Cell("Also sent: "+strings.Join(f.Extra, ", ")+from, w))}, lines...)
	}
	switch {
	case f.Err != nil && f.Err == at.Err: // the field shows the error already
		return append(lines, st.Warn.Paint("Not ready"))
	case f.Err != nil:
		return append(lines, painted(st.Warn, "Not ready: "+node.Clean(f.Complaint(), 2*w), w)...)
	}
	lines = append(lines, painted(st.Good, forecastText(f.Draft.Spec, f.forecast), w)...)
	if shape := shapeOf(st, f.Draft.Spec.Stages, min(60, w-20)); shape != "" {
		lines = append(lines, st.Dim.Paint("rate over time  ")+st.Sent.Paint(shape))
	}
	if n := len(f.forecast.WouldRefuse); n > 0 {
		lines = append(lines, painted(st.Bad, st.Glyph("✖", "x")+" "+node.Clean(f.forecast.WouldRefuse[0].String(), 2*w)+more(n-1), w)...)
	}
	return lines
}

// painted returns a text in one colour, wrapped to lines of w columns.
func painted(p style.Pen, text string, w int) []string {
	lines := style.Wrap(text, w)
	for i := range lines {
		lines[i] = p.Paint(lines[i])
	}
	return lines
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// forecastText describes the load of a spec in one sentence.
func forecastText(spec loadgen.Spec, f orchestrator.Forecast) string {
	switch {
	case spec.Capacity != nil:
		return searchText(spec, f)
	case len(spec.Scenarios) > 0:
		return usersText(spec, f)
	}
	n := len(f.Drivers)
	each := ""
	spec = spec.WithDefaults()
	var text string
	if spec.Kind == loadgen.Tsunami {
		if n > 1 {
			each = ", " + figures.Short(f.EachRPS) + " each"
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
		text += ", for " + figures.Span(f.Duration)
	}
	if f.Requests > 0 {
		text += ", " + figures.Count(f.Requests) + " requests"
	}
	return text + ", to " + hostOf(spec.Target)
}

// heading returns the form's title.
func (f *Form) heading() string {
	if noun := f.Noun(); strings.HasPrefix(noun, "A") {
		return "Compose an " + noun
	}
	return "Compose a " + f.Noun()
}

// usersText describes the load of a spec with scenarios in one sentence.
func usersText(spec loadgen.Spec, f orchestrator.Forecast) string {
	n := int64(len(f.Drivers))
	var text string
	switch {
	case spec.OwnLoads():
		var parts []string
		if rate := spec.Loads().Peak(); rate > 0 {
			parts = append(parts, figures.Short(rate)+" new users per second")
		}
		if held := spec.Loads().MostHeld(); held > 0 {
			parts = append(parts, figures.Plural(int64(held), "user"))
		}
		text = "Up to " + strings.Join(parts, " and ")
	case spec.Kind == loadgen.Tsunami:
		text = fmt.Sprintf("%s new users per second", figures.Short(f.RateRPS))
	case spec.Users > 0:
		text = figures.Plural(int64(spec.Users), "user")
	default:
		text = "Users by stages"
	}
	text += " from " + figures.Plural(n, "driver")
	if f.Duration > 0 {
		text += ", for " + figures.Span(f.Duration)
	}
	if f.Requests > 0 {
		text += ", " + figures.Plural(f.Requests, "iteration")
	}
	return text + ", to " + hostOf(spec.Target)
}
