package panel

import (
	"fmt"
	"strings"

	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Events is the list of events, the newest last.
type Events struct {
	Top int // number of newer events below the visible ones
}

// Settle keeps the panel within what there is, of which rows are seen.
func (p *Events) Settle(s sample.Sample, rows int) {
	p.Top = max(0, min(p.Top, s.EventCount-rows))
}

// Move scrolls by n events towards the newer ones.
func (p *Events) Move(s *sample.Sample, n int) { p.Top = max(0, min(p.Top-n, s.EventCount)) }

// Page renders the panel as a page. Events of the shown run do not repeat its name.
func (p *Events) Page(v *Display, run string, w, h int) []string {
	note := v.Style.Dim.Paint(fmt.Sprint(v.Sample.EventCount))
	if p.Top > 0 {
		note = v.Style.Dim.Paint(fmt.Sprintf("%d newer below", p.Top))
	}
	return v.Style.Panel("Events", note, p.Lines(v, run, w-4, h-2), w, h)
}

// Lines renders the newest events in h lines of w columns. Events of the shown run do not repeat its name.
func (p *Events) Lines(v *Display, run string, w, h int) []string {
	var lines []string
	for _, e := range v.Sample.Events[max(0, len(v.Sample.Events)-h):] {
		lines = append(lines, v.EventLine(e, run, w))
	}
	if len(lines) == 0 {
		lines = []string{v.Style.Dim.Paint("nothing has happened yet")}
	}
	return lines
}

// EventLine renders one event: time, severity, text.
func (v *Display) EventLine(e fleet.Event, run string, w int) string {
	shape, p := v.eventLook(e.Kind)
	room := max(1, w-11)
	return v.Style.Dim.Paint(e.At.Local().Format("15:04:05")) + " " + p.Paint(shape) + " " + style.Cell(v.EventText(e, run, room), room)
}

func (v *Display) eventLook(kind fleet.EventKind) (string, style.Pen) {
	st := v.Style
	switch kind.Severity() {
	case fleet.SeverityBad:
		return st.Glyph("✖", "x"), st.Bad
	case fleet.SeverityWarning:
		return st.Glyph("▲", "!"), st.Warn
	case fleet.SeverityChange:
		return st.Glyph("◆", "+"), st.Accent
	case fleet.SeverityGood:
		return st.Glyph("●", "*"), st.Good
	}
	return st.Glyph("○", "o"), st.Dim
}

// EventText returns an event's text, shortened to w columns if possible.
func (v *Display) EventText(e fleet.Event, run string, w int) string {
	if _, why, found := strings.Cut(e.Text, "the plan was changed by "+e.By+": "); found {
		return why
	}
	switch {
	case e.TestID == "":
	case e.TestID == run:
		return strings.Replace(e.Text, e.TestID, "the run", 1)
	case style.Width(e.Text) > w:
		return strings.Replace(e.Text, e.TestID, v.ShortID(e.TestID), 1)
	}
	return e.Text
}
