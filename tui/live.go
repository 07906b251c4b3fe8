package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/node/capacity"
	"landfall/node/fleet"
	"landfall/node/report"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// The layout of the live page, which determines what is sampled.

// leftW is the width of the column with drivers and events.
func (m *model) leftW() int {
	switch {
	case m.Roomy():
		return m.W * 9 / 20
	case m.Wide():
		return m.W / 2
	}
	return m.W
}

// The least heights of panels with their frames, where the run needs the rest.
const (
	minDriversH = 7 // four drivers
	minEventsH  = 6
	minHistoryH = 8
)

// driversH is the height of the driver panel on the live page. The drivers of a run that is over give room to its verdict, those of an active
// one to its figures; without a run, they take what events do not need.
func (m *model) driversH() int {
	listed := m.Sample.Total - m.Sample.Hidden
	switch {
	case !m.Wide():
		return min(max(listed, 1), max(2, m.BodyH()/6)) + 1
	case m.Sample.Total == 0:
		return len(m.drivers.Empty(&m.Display)) + 2
	case !m.charts.Has(&m.Display):
		return max(6, min(listed+3, m.BodyH()-m.eventsNeed()))
	case m.Roomy():
		return max(6, min(listed+3, m.BodyH()*9/20))
	}
	most := min(m.BodyH()*9/20, m.BodyH()-minEventsH-m.runNeed())
	if m.over() {
		most = min(most, minDriversH)
	}
	return min(max(6, listed+3), max(minDriversH, most))
}

// over reports whether the run whose charts are shown has ended.
func (m *model) over() bool {
	return m.charts.Shown != nil || m.Sample.Run != nil && !m.Sample.Run.Active && !m.Sample.Run.T0.IsZero()
}

// eventsNeed is the height that the panel of events needs without a run: what it has, up to a quarter of the page.
func (m *model) eventsNeed() int {
	return max(minEventsH, min(m.Sample.EventCount+2, m.BodyH()/4))
}

// runNeed is the height of the panel with the run's figures, if nothing limits it.
func (m *model) runNeed() int {
	return len(m.totals(m.leftW()-4, m.BodyH()-minDriversH-minEventsH-2)) + 2
}

// runH is the height of the panel with the run's figures below the drivers; 0: there is none.
func (m *model) runH() int {
	if !m.charts.Has(&m.Display) || m.Roomy() || !m.Wide() {
		return 0
	}
	return max(0, min(m.runNeed(), m.BodyH()-m.driversH()-minEventsH))
}

// driverRows is the number of visible drivers.
func (m *model) driverRows() int {
	switch {
	case m.page == keys.PageLive && m.Wide():
		return max(1, m.driversH()-3)
	case m.page == keys.PageLive:
		return max(1, m.driversH()-1)
	}
	hosts := len(m.hostLines(m.W))
	return max(1, m.listH(m.Sample.Matched+hosts, m.BodyH())-3-hosts)
}

func (m *model) eventRows() int {
	switch {
	case m.page == keys.PageEvents:
		return max(1, m.BodyH()-2)
	case m.Roomy():
		return max(1, min(8, m.BodyH()-m.driversH()-2))
	case m.Wide():
		return max(1, m.BodyH()-m.driversH()-m.runH()-2)
	}
	return 2
}

func (m *model) screenful() int {
	if t, is := m.top().(*textPage); is {
		return t.h
	}
	if m.page == keys.PageEvents {
		return m.eventRows()
	}
	return m.driverRows()
}

func (m *model) livePage(w, h int) []string {
	if m.charts.Zoom == panel.ZoomTable && m.tableH() > 0 {
		return m.table(w, h)
	}
	if m.charts.Zoom > 0 && m.charts.Has(&m.Display) {
		return m.charts.Lines(&m.Display, w, h)
	}
	if m.Wide() {
		return m.liveWide(w, h)
	}
	return m.liveNarrow(w, h)
}

// liveNarrow is the layout for 80x24: a few drivers, the verdict of a finished run, the charts one below the other, the newest event.
func (m *model) liveNarrow(w, h int) []string {
	if m.Sample.Total == 0 && m.Sample.Run == nil && m.charts.Shown == nil {
		return style.Block(style.Indent(m.drivers.Empty(&m.Display), 2), w, h)
	}
	top := m.driversH()
	lines := style.Indent(m.drivers.Lines(&m.Display, w-2, top), 1)
	lines = append(lines, m.divide(w))
	if r := m.verdict(); r != nil && h-len(lines) >= 14 {
		lines = append(lines, style.Indent(panel.VerdictShort(m.Style, r, w-2), 1)...)
	}
	rest := h - len(lines) - 1
	lines = append(lines, m.main(w, rest)...)
	last := ""
	if n := len(m.Sample.Events); n > 0 {
		e := m.Sample.Events[n-1]
		last = " " + m.EventLine(e, m.lookingAt(), w-1)
	}
	return append(style.Block(lines, w, h-1), style.Fill(last, w))
}

// divide returns the line below the drivers, which warns if the drivers are the bottleneck.
func (m *model) divide(w int) string {
	rule := m.Style.Glyph("─", "-")
	if r := m.Sample.Run; m.charts.Shown == nil && r != nil && r.Active && len(r.Warnings()) > 0 {
		why := r.Warnings()[0]
		text := style.Cell(m.Style.Glyph("▲", "!")+" "+why, min(w-4, style.Width(why)+2))
		return m.Style.Rule.Paint(rule) + " " + m.Style.Warn.Paint(text) + " " + m.Style.Rule.Paint(strings.Repeat(rule, w-style.Width(text)-3))
	}
	if m.Sample.Matched > len(m.Sample.Rows) {
		note := " " + m.drivers.Note(&m.Display) + " "
		return m.Style.Rule.Paint(strings.Repeat(rule, w-style.Width(note)-2)) + note + m.Style.Rule.Paint(rule+rule)
	}
	return m.Style.Rule.Paint(strings.Repeat(rule, w))
}

func (m *model) liveWide(w, h int) []string {
	lw, dh := m.leftW(), m.driversH()
	if m.Sample.Total == 0 { // the command that starts a driver may be long, and is copied from here
		under := style.Beside(m.Style.Panel("Events", "", m.events.Lines(&m.Display, m.lookingAt(), lw-4, h-dh-2), lw, h-dh), m.main(w-lw, h-dh))
		return append(m.Style.Panel("Drivers", "", m.drivers.Empty(&m.Display), w, dh), under...)
	}
	title := "Drivers"
	if m.drivers.Filter != "" {
		title += " matching " + node.Clean(string(m.drivers.Filter), 40)
	}
	left := m.Style.Panel(title, m.drivers.Note(&m.Display), m.drivers.Lines(&m.Display, lw-4, dh-2), lw, dh)
	if rh := m.runH(); rh > 0 {
		left = append(left, m.Style.Panel("Run", m.charts.FrozenNote(m.Style), m.totals(lw-4, rh-2), lw, rh)...)
		dh += rh
	}
	eh := h - dh
	if heat := eh - m.eventRows() - 2; m.Roomy() && heat >= 10 && m.charts.Has(&m.Display) {
		left = append(left, m.charts.HeatMap(&m.Display, m.charts.Window(&m.Display), lw, heat)...)
		eh -= heat
	}
	left = append(left, m.Style.Panel("Events", "", m.events.Lines(&m.Display, m.lookingAt(), lw-4, eh-2), lw, eh)...)
	if !m.Roomy() || m.Sample.Run == nil && m.charts.Shown == nil && len(m.Sample.Runs) == 0 {
		return style.Beside(left, m.main(w-lw, h))
	}
	rw := 44
	if w >= 196 { // room for the trends of past runs
		rw = 52
	}
	return style.Beside(style.Beside(left, m.main(w-lw-rw, h)), m.side(rw, h))
}

// main shows the run: drivers' answers while it is armed, then its charts.
func (m *model) main(w, h int) []string {
	switch r := m.Sample.Run; {
	case m.charts.Has(&m.Display):
		tall := min(m.tableH(), h*2/5)
		if tall < 4 || !m.Wide() {
			return m.charts.Lines(&m.Display, w, h)
		}
		return append(m.charts.Lines(&m.Display, w, h-tall), m.table(w, tall)...)
	case r == nil:
		return m.Style.Panel("No run", "", m.invitation(w-4), w, h)
	default:
		title := "Arming "
		if r.Phase == fleet.Refused {
			title = "Refused "
		}
		return m.Style.Panel(title+r.ID, "", panel.ArmingLines(m.Style, r, w-4), w, h)
	}
}

// invitation lists the possible actions while there is no run, in lines of w columns.
func (m *model) invitation(w int) []string {
	lines := []string{""}
	for _, what := range [][2]string{
		{"avalanche", "Avalanche: closed loop, as fast as the target answers"}, {"tsunami", "Tsunami: open loop, a fixed rate regardless of responses"},
		{"capacity", "capacity: the highest rate at which objectives hold"}, {"history", "past runs"}, {"help", "all keys"},
	} {
		for i, line := range style.Wrap(what[1], w-3) {
			key := " "
			if i == 0 {
				key = m.Style.Key.Paint(m.keyOf(what[0]))
			}
			lines = append(lines, key+"  "+line)
		}
		if what[0] != "history" {
			lines = append(lines, "")
		}
	}
	return lines
}

// side is the third column of a large screen: what the run needs for its figures or its verdict, and past runs.
func (m *model) side(w, h int) []string {
	room := h - minHistoryH
	top := max(min(h*3/5, 26), len(m.totals(w-4, room-2))+2)
	lines := m.Style.Panel("Run", m.charts.FrozenNote(m.Style), m.totals(w-4, top-2), w, top)
	return append(lines, m.Style.Panel("History", "", m.history.Short(&m.Display, w-4, h-top-2), w, h-top)...)
}

// verdict returns the report of the shown run, once the run has ended and the report was read; nil before.
func (m *model) verdict() *report.Report {
	switch r := m.Sample.Run; {
	case m.charts.Shown != nil:
		return m.charts.Shown.Report
	case r != nil && !r.Active:
		return m.history.Past[r.ID].Report
	}
	return nil
}

// heatWidth is the number of visible columns of the heat map.
func (m *model) heatWidth() int {
	if m.page != keys.PageLive || m.charts.Zoom != panel.ZoomHeat && (m.charts.Zoom != 0 || !m.Roomy()) {
		return 0
	}
	return m.W
}

func (m *model) stretch(by int) tea.Cmd {
	m.say(m.charts.Stretch(&m.Display, by))
	return nil
}

// totals shows the figures of the shown run, or its verdict, in w by h cells.
func (m *model) totals(w, h int) []string {
	if r := m.verdict(); r != nil {
		return panel.VerdictLines(m.Style, r, m.nextKeys(), w, h)
	}
	if m.Sample.Run == nil {
		return []string{m.Style.Dim.Paint("no run")}
	}
	return panel.RunTotals(m.Style, m.Sample.Run, w, h)
}

// shownSteps returns the figures by request or step of the run whose charts are shown.
func (m *model) shownSteps() []sample.Step {
	switch {
	case m.charts.Shown != nil && m.charts.Shown.Report != nil:
		return sample.StepsOf(m.charts.Shown.Report)
	case m.charts.Shown == nil && m.Sample.Run != nil:
		return m.Sample.Run.Steps
	}
	return nil
}

// search returns the capacity search that is shown; nil: none.
func (m *model) search() *sample.Search {
	switch {
	case m.charts.Shown != nil && m.charts.Shown.Report != nil && m.charts.Shown.Report.Capacity != nil:
		return &sample.Search{Phase: capacity.Ended, Certificate: *m.charts.Shown.Report.Capacity}
	case m.charts.Shown == nil && m.Sample.Run != nil:
		return m.Sample.Run.Search
	}
	return nil
}

// tableH is the height of the table below the charts: the rates of a search, or the steps; 0: there is none.
func (m *model) tableH() int {
	if s := m.search(); s != nil {
		return panel.CapacityH(s)
	}
	return panel.StepsH(m.shownSteps())
}

func (m *model) table(w, h int) []string {
	if s := m.search(); s != nil {
		return panel.Capacity(m.Style, s, w, h)
	}
	return panel.Steps(m.Style, "Steps", m.shownSteps(), w, h)
}

// zoom shows the next view: one chart in full, the heat map, the steps or the search if there are any, everything.
func (m *model) zoom(string) tea.Cmd {
	last := panel.ZoomHeat
	if m.tableH() > 0 {
		last = panel.ZoomTable
	}
	m.charts.Zoom = (m.charts.Zoom + 1) % (last + 1)
	return nil
}
