package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Events is the list of events, the newest last: which are visible, and which one is selected on the page of events.
type Events struct {
	Filter sample.Words
	above  int // number of newer events than the lowest visible one
	at     int // the selected event, counted from the newest
	is     *fleet.Event
}

// Query returns which events are visible: on their page the matching ones around the selection, elsewhere the newest.
func (p *Events) Query(page bool, rows int, own []fleet.Event) sample.EventQuery {
	if !page {
		return sample.EventQuery{Fit: rows, Own: own}
	}
	return sample.EventQuery{Words: p.Filter, Fit: rows, Above: p.above, Chosen: p.at, ChosenIs: p.is, Own: own}
}

// Settle stores how the sample resolved the query.
func (p *Events) Settle(s sample.Sample) {
	p.above, p.at, p.is = s.EventAbove, s.EventAt, nil
	if s.EventAt > 0 {
		p.is = &s.Event
	}
}

// Move moves the selection by n events towards newer ones.
func (p *Events) Move(s *sample.Sample, n int) {
	p.at, p.is = max(0, min(s.EventAt-n, s.EventCount-1)), nil
	s.EventAt = p.at
}

// Page renders the panel as a page with a selection. Events of the shown run do not repeat its name.
func (p *Events) Page(v *Display, run string, w, h int) []string {
	s, title := v.Sample, "Events"
	if p.Filter != "" {
		title = fmt.Sprintf("Events  %d of %d match %s", s.EventMatched, s.EventTotal, node.Clean(string(p.Filter), 80))
	}
	note := v.Style.Dim.Paint(fmt.Sprint(s.EventCount))
	if s.EventAbove > 0 {
		note = v.Style.Dim.Paint(fmt.Sprintf("%d newer below", s.EventAbove))
	}
	return v.Style.Panel(title, note, p.rows(v, run, w-4, h-2), w, h)
}

// rows renders the visible events with a column that marks the selected one, which takes as many lines as it needs.
func (p *Events) rows(v *Display, run string, w, h int) []string {
	s := v.Sample
	switch {
	case len(s.Events) == 0 && p.Filter != "":
		return []string{v.Style.Dim.Paint("no event matches " + node.Clean(string(p.Filter), 80))}
	case len(s.Events) == 0:
		return []string{v.Style.Dim.Paint("no events yet")}
	}
	chosen := len(s.Events) - 1 - (s.EventAt - s.EventAbove)
	lines, first := v.eventBlock(s.Events, run, w-eventMark, h, chosen)
	for i := range lines {
		if e := lines[i]; i >= first[chosen] && i < first[chosen+1] {
			mark := "  "
			if i == first[chosen] {
				mark = v.Style.Glyph("▸ ", "> ")
			}
			lines[i] = v.Style.Selected.Paint(style.Fill(mark+ansi.Strip(e), w))
		} else {
			lines[i] = "  " + e
		}
	}
	from := max(0, min(len(lines)-h, first[chosen]))
	return lines[from:min(len(lines), from+h)]
}

// eventMark is the width of the column that marks the selected event.
const eventMark = 2

// Lines renders the newest events in h lines of w columns: those that matter in full, even if fewer events are visible then, others in several lines as
// far as there is room. Events of the shown run do not repeat its name.
func (p *Events) Lines(v *Display, run string, w, h int) []string {
	all := v.Sample.Events[max(0, len(v.Sample.Events)-h):]
	if len(all) == 0 {
		return []string{v.Style.Dim.Paint("no events yet")}
	}
	room, first := h, len(all)
	for ; first > 0; first-- {
		tall := 1
		if e := all[first-1]; matters(e) {
			tall = min(len(v.EventLines(e, run, w)), max(1, h-1))
		}
		if room -= tall; room < 0 {
			break
		}
	}
	lines, _ := v.eventBlock(all[first:], run, w, h, -1)
	return lines
}

// eventBlock renders events in lines of w columns, and returns the first line of each, and the number of all. An event takes several lines
// if h has room for them, those that matter first; the chosen one always does.
func (v *Display) eventBlock(all []fleet.Event, run string, w, h, chosen int) (lines []string, first []int) {
	spare := h - len(all)
	blocks := make([][]string, len(all))
	for _, important := range []bool{true, false} {
		for i, e := range slices.Backward(all) {
			if important != matters(e) {
				continue
			}
			blocks[i] = v.EventLines(e, run, w)
			if more := len(blocks[i]) - 1; more > spare && i != chosen {
				blocks[i] = []string{v.EventLine(e, run, w)}
			} else {
				spare -= more
			}
		}
	}
	for _, block := range blocks {
		first = append(first, len(lines))
		lines = append(lines, block...)
	}
	return lines, append(first, len(lines))
}

// matters reports whether something went wrong, an operator intervened, or it is a notice.
func matters(e fleet.Event) bool {
	s := e.Kind.Severity()
	return s == fleet.SeverityBad || s == fleet.SeverityWarning || s == fleet.SeverityChange || e.Kind == fleet.EventNote
}

// EventLines renders one event in as many lines of w columns as it needs.
func (v *Display) EventLines(e fleet.Event, run string, w int) []string {
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
	if e.Kind == fleet.EventAdjusted && e.By != "" && strings.HasPrefix(e.Text, "rate ") { // somebody decided it
		return e.Text + ", set by " + e.By
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
