package tui

import (
	"landfall/node/capacity"
	"landfall/node/report"
	"landfall/tui/panel"
	"landfall/tui/sample"
)

// useReport replaces the figures of the shown run by those of its report, once that was read. Snapshots that this console had not read when
// the run ended are missing from its own figures, so every console would show another past.
func (m *model) useReport() {
	r, p := m.Sample.Run, m.history.Ended
	if r == nil || p == nil || p.ID != r.ID || r.Active || !r.Done {
		return
	}
	rep := p.Report
	t := &r.Total
	t.Requests, t.Responses, t.Unexpected, t.Dropped = rep.Requests, rep.Responses, rep.Unexpected, rep.Dropped
	t.Errors, t.Statuses = rep.Errors, rep.Statuses
	r.Steps = sample.StepsOf(rep)
	if rep.Capacity != nil {
		r.Search = &sample.Search{Phase: capacity.Ended, Certificate: *rep.Capacity}
	}
	if r.Window.Only == "" && bySecond(rep) {
		r.Window = p.Window.Last(m.charts.Seconds())
	}
	drivers := make(map[string]*report.Driver, len(rep.Drivers))
	for i := range rep.Drivers {
		drivers[rep.Drivers[i].NodeID] = &rep.Drivers[i]
	}
	use := func(d *sample.Driver) {
		if of := drivers[d.ID]; of != nil {
			d.Requests, d.Failed = of.Requests, of.Errors+of.Unexpected
		}
	}
	for i := range m.Sample.Rows {
		use(&m.Sample.Rows[i])
	}
	if m.Sample.Selected != nil {
		use(m.Sample.Selected)
	}
}

// bySecond reports whether a report's intervals are seconds: those of a very long run are longer.
func bySecond(r *report.Report) bool {
	n := len(r.Intervals)
	return n > 0 && r.Intervals[n-1].AtMS == int64(n-1)*1000
}

// endedOf returns a finished run as the live page draws it, and its figures as the history keeps them.
func endedOf(rep *report.Report) (ended, kept panel.Past) {
	ended = panel.PastOf(rep)
	short := *rep
	short.Intervals, short.Drivers = nil, nil
	kept = ended
	kept.Report, kept.Window = &short, sample.Window{}
	return ended, kept
}
