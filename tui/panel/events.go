package panel

import (
	"fmt"
	"slices"
	"strings"

	"landfall/node"
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

// Lines renders the newest events in h lines of w columns; as far as there is room, a long one takes several. Events of the
// shown run do not repeat its name.
func (p *Events) Lines(v *Display, run string, w, h int) []string {
	all := v.Sample.Events[max(0, len(v.Sample.Events)-h):]
	if len(all) == 0 {
		return []string{v.Style.Dim.Paint("no events yet")}
	}
	spare := h - len(all)
	var lines []string
	for _, e := range slices.Backward(all) {
		one := v.eventLines(e, run, w)
		if more := len(one) - 1; more > spare {
			one = []string{v.EventLine(e, run, w)}
		} else {
			spare -= more
		}
		lines = append(one, lines...)
	}
	return lines
}

// eventLines renders one event in as many lines of w columns as it needs.
func (v *Display) eventLines(e fleet.Event, run string, w int) []string {
	room := max(1, w-eventLead)
	lines := style.Wrap(node.Clean(v.EventText(e, run, room), 400), room)
	for i := range lines {
		if lines[i] = style.Fill(lines[i], room); i > 0 {
			lines[i] = style.Spaces(eventLead) + lines[i]
		} else {
			lines[i] = v.eventHead(e) + lines[i]
		}
	}
	return lines
}

// EventLine renders one event: time, severity, text.
func (v *Display) EventLine(e fleet.Event, run string, w int) string {
	room := max(1, w-eventLead)
	return v.eventHead(e) + style.Cell(v.EventText(e, run, room), room)
}

// eventLead is the width of an event's time and severity.
const eventLead = len("15:04:05 o ")

func (v *Display) eventHead(e fleet.Event) string {
	shape, p := v.eventLook(e.Kind)
	return v.Style.Dim.Paint(e.At.Local().Format("15:04:05")) + " " + p.Paint(shape) + " "
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
