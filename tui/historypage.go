package tui

import (
	"bytes"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// historyPage shows the list and, if there is room, the verdict and the charts of the selected run.
func (m *model) historyPage(w, h int) []string {
	top := m.listH(len(m.Sample.Runs), h)
	lines := m.history.Lines(&m.Display, m.charts.Base, w, top)
	p := m.history.Picked
	r, live := m.history.Selected(&m.Sample), m.Sample.Run
	lw := min(56, w*2/5)
	room := lw - 4
	var left []string
	charts := m.charts
	charts.Zoom, charts.Cursor, charts.Only = 0, -1, ""
	switch {
	case top == h || r == nil:
		return style.Block(lines, w, h)
	case p != nil && p.ID == r.ID:
		charts.Shown, left = p, panel.VerdictLines(m.Style, p.Report, m.nextKeys(), room, h-top-2)
	case live != nil && live.ID == r.ID && !live.T0.IsZero():
		charts.Shown, left = nil, panel.RunTotals(m.Style, live, room, h-top-2)
	default:
		left = style.Wrap(notReported(r), w-4)
		return style.Block(append(lines, m.Style.Panel(m.ShortID(r.ID), "", left, w, min(h-top, len(left)+2))...), w, h)
	}
	below := h - top
	tall := len(left) + 2
	if charts.Shown == nil || !m.Roomy() || below-tall < minPreview+2 {
		tall = below
	}
	left = m.Style.Panel(m.ShortID(r.ID), "", left, lw, tall)
	if below > tall {
		left = append(left, charts.HeatMap(&m.Display, charts.Window(&m.Display), lw, below-tall)...)
	}
	return style.Block(append(lines, style.Beside(left, m.chartsAndSteps(charts, w-lw, below))...), w, h)
}

// chartsAndSteps shows the charts of a run of the history and, if there is room, its steps or rates below them.
func (m *model) chartsAndSteps(charts panel.Charts, w, h int) []string {
	if p := charts.Shown; p != nil && m.Roomy() {
		if steps := sample.StepsOf(p.Report); len(steps) > 0 {
			tall := min(panel.StepsH(steps), h*2/5)
			return append(charts.Lines(&m.Display, w, h-tall), panel.Steps(m.Style, "Steps", steps, w, tall)...)
		}
	}
	return charts.Lines(&m.Display, w, h)
}

// notReported returns why a run has neither a report nor figures.
func notReported(r *sample.Listed) string {
	switch {
	case r.Over():
		return "The report of this run is being read."
	case r.Phase == fleet.Started || r.Phase == fleet.Draining:
		return "This run has no report yet."
	}
	if r.Why != "" {
		return "This run was not started: " + node.Clean(r.Why, 400)
	}
	return "This run was not started."
}

func (m *model) hasReport() bool {
	return m.page == keys.PageHistory && len(m.Sample.Runs) > 0 || m.charts.Shown != nil || m.Sample.Run != nil && !m.Sample.Run.T0.IsZero() && !m.Sample.Run.Active
}

// openReport shows the report of the selected run.
func (m *model) openReport(string) tea.Cmd {
	switch {
	case m.page == keys.PageHistory:
		return m.openRun()
	case m.charts.Shown != nil:
		return m.open(newReportPage(m, m.charts.Shown))
	}
	return m.readReport(m.Sample.Run.ID, false)
}

func (m *model) openRun() tea.Cmd {
	if r := m.history.Selected(&m.Sample); r != nil {
		return m.readReport(r.ID, false)
	}
	return nil
}

// hasBaseline reports whether there is a run to use as the baseline of charts.
func (m *model) hasBaseline() bool {
	_, is := m.top().(*textPage)
	return is || m.page == keys.PageHistory && len(m.Sample.Runs) > 0
}

// setBaseline makes a run the baseline of charts: that of the open report, or the selected one. A second call removes it.
func (m *model) setBaseline(string) tea.Cmd {
	t, is := m.top().(*textPage)
	id := ""
	if r := m.history.Selected(&m.Sample); r != nil {
		id = r.ID
	}
	if is && t.past != nil {
		id = t.past.ID
	}
	switch {
	case id == "":
		return nil
	case m.charts.Base != nil && m.charts.Base.ID == id:
		m.charts.Base = nil
		m.say("the baseline is removed")
		return nil
	case is:
		m.charts.Base = t.past
		m.say("baseline: later runs are drawn over " + id)
		return nil
	}
	return m.readReport(id, true)
}

// shortTarget is the width of a target in a comparison at 80 columns.
const shortTarget = 14

// shortened returns a report whose names leave room for the columns of a comparison at 80 columns. Different targets that begin alike are
// shown by their ends.
func (m *model) shortened(r, other *report.Report) *report.Report {
	if m.W >= 110 {
		return r
	}
	short := *r
	short.TestID = m.ShortID(r.TestID)
	target, than := []rune(withoutScheme(r.Spec.Target)), []rune(withoutScheme(other.Spec.Target))
	if n := len(target); n > shortTarget && !slices.Equal(target, than) && len(than) >= shortTarget && slices.Equal(target[:shortTarget-1], than[:shortTarget-1]) {
		target = append([]rune(m.Style.Glyph("…", ".")), target[n-shortTarget+1:]...)
	}
	short.Spec.Target = style.Short(string(target), shortTarget)
	return &short
}

func withoutScheme(target string) string {
	if _, rest, found := strings.Cut(target, "://"); found {
		return rest
	}
	return target
}

// compare remembers the selected run. On the second call, it shows both runs side by side.
func (m *model) compare(string) tea.Cmd {
	r := m.history.Selected(&m.Sample)
	h := &m.history
	switch {
	case r == nil:
		return nil
	case h.Compared == r.ID:
		h.Compared = ""
		m.say("comparison cancelled")
		return nil
	case h.Compared == "":
		h.Compared = r.ID
		m.say("to compare, select another run and press " + m.keyOf("compare"))
		return nil
	}
	first := h.Compared
	h.Compared = ""
	return m.withReports([]string{first, r.ID}, func(m *model, list []*report.Report) tea.Cmd {
		a, b := list[0], list[1]
		if b.StartedAtMS < a.StartedAtMS {
			a, b = b, a
		}
		var text bytes.Buffer
		if err := render.Compare(&text, m.shortened(a, b), m.shortened(b, a), m.Style.Color); err != nil {
			m.complain(err.Error())
			return nil
		}
		lines := strings.Split(strings.TrimRight(m.Style.Recoloured(text.String()), "\n"), "\n")
		return m.open(&textPage{title: a.TestID + " and " + b.TestID, make: func(*model, int) []string { return lines }})
	})
}
