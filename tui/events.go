package tui

import (
	"fmt"
	"strings"

	"landfall/node/fleet"
)

// eventsPanel is what has happened, the newest last.
type eventsPanel struct {
	top int // how many newer ones are below
}

// settle keeps the panel within what there is, of which rows are seen.
func (p *eventsPanel) settle(s sample, rows int) {
	p.top = max(0, min(p.top, s.eventCount-rows))
}

func (p *eventsPanel) move(s *sample, n int) { p.top = max(0, min(p.top-n, s.eventCount)) }

// page is the panel as a page of its own. The run that is looked at needs no name in its events.
func (p *eventsPanel) page(v *display, run string, w, h int) []string {
	note := v.st.dim.paint(fmt.Sprint(v.s.eventCount))
	if p.top > 0 {
		note = v.st.dim.paint(fmt.Sprintf("%d newer below", p.top))
	}
	return v.st.panel("Events", note, p.lines(v, run, w-4, h-2), w, h)
}

func (p *eventsPanel) lines(v *display, run string, w, h int) []string {
	var lines []string
	for _, e := range v.s.events[max(0, len(v.s.events)-h):] {
		lines = append(lines, v.eventLine(e, run, w))
	}
	if len(lines) == 0 {
		lines = []string{v.st.dim.paint("nothing has happened yet")}
	}
	return lines
}

// eventLine is one event: when, how bad, what.
func (v *display) eventLine(e fleet.Event, run string, w int) string {
	shape, p := v.eventLook(e.Kind)
	room := max(1, w-11)
	return v.st.dim.paint(e.At.Local().Format("15:04:05")) + " " + p.paint(shape) + " " + cell(v.eventText(e, run, room), room)
}

func (v *display) eventLook(kind fleet.EventKind) (string, pen) {
	st := v.st
	switch kind.Severity() {
	case fleet.SeverityBad:
		return st.glyph("✖", "x"), st.bad
	case fleet.SeverityWarning:
		return st.glyph("▲", "!"), st.warn
	case fleet.SeverityChange:
		return st.glyph("◆", "+"), st.accent
	case fleet.SeverityGood:
		return st.glyph("●", "*"), st.good
	}
	return st.glyph("○", "o"), st.dim
}

// eventText is what happened, if possible in at most w columns.
func (v *display) eventText(e fleet.Event, run string, w int) string {
	if _, why, found := strings.Cut(e.Text, "the plan was changed by "+e.By+": "); found {
		return why
	}
	switch {
	case e.TestID == "":
	case e.TestID == run:
		return strings.Replace(e.Text, e.TestID, "the run", 1)
	case width(e.Text) > w:
		return strings.Replace(e.Text, e.TestID, v.shortID(e.TestID), 1)
	}
	return e.Text
}
