package render

import (
	"fmt"
	"io"

	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/node/report"
)

func writeEvents(w io.Writer, r *report.Report, p pen, most int) {
	list := notableEvents(r)
	if len(list) == 0 {
		return
	}
	heading(w, p, "events")
	if more := len(list) - most; more > 0 {
		fmt.Fprintf(w, "  %s\n", p.paint(fmt.Sprintf("… %d earlier", more), dim))
		list = list[more:]
	}
	t := table{indent: "  "}
	for _, e := range list {
		t.add(right(figures.Clock(e.AtMS)).in(dim), left(clean(e.Kind, 12)).in(eventStyle(e.Kind)), left(clean(e.Text, 160)))
	}
	t.write(w, p)
}

// notableEvents leaves out the events that every run has.
func notableEvents(r *report.Report) (list []report.Event) {
	for _, in := range r.Intervals {
		for _, e := range in.Events {
			if !fleet.EventKind(e.Kind).Routine() {
				list = append(list, e)
			}
		}
	}
	return list
}

func eventStyle(kind string) style {
	switch fleet.EventKind(kind).Severity() {
	case fleet.SeverityBad:
		return bad
	case fleet.SeverityWarning:
		return warn
	}
	return hue
}
