package tui

import (
	"strings"

	"landfall/node"
	"landfall/node/report"

	tea "github.com/charmbracelet/bubbletea"
)

// How the live page is divided; what is sampled follows it.

// leftW is the width of the column with drivers and events.
func (m *model) leftW() int {
	switch {
	case m.roomy():
		return m.w * 9 / 20
	case m.wide():
		return m.w / 2
	}
	return m.w
}

// driversH is the height of the driver panel on the live page.
func (m *model) driversH() int {
	switch {
	case !m.wide():
		return min(max(m.s.total, 1), max(2, m.bodyH()/6)) + 1
	case m.s.total == 0:
		return len(m.drivers.empty(&m.display)) + 2
	}
	return max(6, min(m.s.total+3, m.bodyH()*9/20))
}

// runH is the height of the panel with the run's figures below the drivers; 0: there is none.
func (m *model) runH() int {
	if !m.charts.has(&m.display) || m.roomy() || !m.wide() {
		return 0
	}
	return max(0, min(len(m.totals(m.leftW()-4, m.bodyH()-m.driversH()-8))+2, m.bodyH()-m.driversH()-6))
}

// driverRows is how many drivers are seen.
func (m *model) driverRows() int {
	switch {
	case m.page == pageLive && m.wide():
		return max(1, m.driversH()-3)
	case m.page == pageLive:
		return max(1, m.driversH()-1)
	}
	hosts := len(m.hostLines(m.w))
	return max(1, m.listH(m.s.matched+hosts, m.bodyH())-3-hosts)
}

func (m *model) eventRows() int {
	switch {
	case m.page == pageEvents:
		return max(1, m.bodyH()-2)
	case m.roomy():
		return max(1, min(8, m.bodyH()-m.driversH()-2))
	case m.wide():
		return max(1, m.bodyH()-m.driversH()-m.runH()-2)
	}
	return 2
}

func (m *model) screenful() int {
	if t, is := m.top().(*textPage); is {
		return t.h
	}
	if m.page == pageEvents {
		return m.eventRows()
	}
	return m.driverRows()
}

func (m *model) livePage(w, h int) []string {
	if m.charts.zoom > 0 && m.charts.has(&m.display) {
		return m.charts.lines(&m.display, w, h)
	}
	if m.wide() {
		return m.liveWide(w, h)
	}
	return m.liveNarrow(w, h)
}

// liveNarrow is for 80x24: a few drivers, the charts below each other, the newest event.
func (m *model) liveNarrow(w, h int) []string {
	if m.s.total == 0 && m.s.run == nil && m.charts.shown == nil {
		return block(indent(m.drivers.empty(&m.display), 2), w, h)
	}
	top := m.driversH()
	lines := indent(m.drivers.lines(&m.display, w-2, top), 1)
	lines = append(lines, m.divide(w))
	rest := h - len(lines) - 1
	lines = append(lines, m.main(w, rest)...)
	last := ""
	if n := len(m.s.events); n > 0 {
		e := m.s.events[n-1]
		last = " " + m.eventLine(e, m.lookingAt(), w-1)
	}
	return append(block(lines, w, h-1), fill(last, w))
}

// divide is the line below the drivers; it says so where they are the limit.
func (m *model) divide(w int) string {
	rule := m.st.glyph("─", "-")
	if r := m.s.run; m.charts.shown == nil && r != nil && r.active && len(r.limited) > 0 {
		text := cell(m.st.glyph("▲", "!")+" "+r.limited[0], min(w-4, width(r.limited[0])+2))
		return m.st.rule.paint(rule) + " " + m.st.warn.paint(text) + " " + m.st.rule.paint(strings.Repeat(rule, w-width(text)-3))
	}
	return m.st.rule.paint(strings.Repeat(rule, w))
}

func (m *model) liveWide(w, h int) []string {
	lw, dh := m.leftW(), m.driversH()
	if m.s.total == 0 { // what a driver joins with may be long, and is to be copied as it is
		under := beside(m.st.panel("Events", "", m.events.lines(&m.display, m.lookingAt(), lw-4, h-dh-2), lw, h-dh), m.main(w-lw, h-dh))
		return append(m.st.panel("Drivers", "", m.drivers.empty(&m.display), w, dh), under...)
	}
	title := "Drivers"
	if m.drivers.filter != "" {
		title += " matching " + node.Clean(string(m.drivers.filter), 40)
	}
	left := m.st.panel(title, m.drivers.note(&m.display), m.drivers.lines(&m.display, lw-4, dh-2), lw, dh)
	if rh := m.runH(); rh > 0 {
		left = append(left, m.st.panel("Run", "", m.totals(lw-4, rh-2), lw, rh)...)
		dh += rh
	}
	eh := h - dh
	if heat := eh - m.eventRows() - 2; m.roomy() && heat >= 10 && m.charts.has(&m.display) {
		left = append(left, m.charts.heatMap(&m.display, m.charts.window(&m.display), lw, heat)...)
		eh -= heat
	}
	left = append(left, m.st.panel("Events", "", m.events.lines(&m.display, m.lookingAt(), lw-4, eh-2), lw, eh)...)
	if !m.roomy() || m.s.run == nil && m.charts.shown == nil && len(m.s.runs) == 0 {
		return beside(left, m.main(w-lw, h))
	}
	rw := 44
	return beside(beside(left, m.main(w-lw-rw, h)), m.side(rw, h))
}

// main is what the run shows: who has answered while it is armed, then its charts.
func (m *model) main(w, h int) []string {
	switch r := m.s.run; {
	case m.charts.has(&m.display):
		return m.charts.lines(&m.display, w, h)
	case r == nil:
		return m.st.panel("No run", "", m.invitation(), w, h)
	default:
		return m.st.panel("Arming "+r.id, "", armingLines(m.st, r, h-2), w, h)
	}
}

func (m *model) invitation() []string {
	st := m.st
	return []string{"",
		st.key.paint("A") + "  Avalanche: as fast as it is answered", "",
		st.key.paint("T") + "  Tsunami: on a schedule, whatever happens", "",
		st.key.paint("4") + "  past runs", st.key.paint("?") + "  all keys"}
}

// side is the third column of a large screen: totals, errors, statuses, and past runs.
func (m *model) side(w, h int) []string {
	top := min(h*3/5, 26)
	lines := m.st.panel("Run", "", m.totals(w-4, top-2), w, top)
	return append(lines, m.st.panel("History", "", m.history.short(&m.display, w-4, h-top-2), w, h-top)...)
}

// verdict is the report of the run that is looked at, once it is over and has been read; nil before.
func (m *model) verdict() *report.Report {
	switch r := m.s.run; {
	case m.charts.shown != nil:
		return m.charts.shown.report
	case r != nil && !r.active:
		return m.history.past[r.id].report
	}
	return nil
}

// heatWidth is how many columns of the heat map are seen.
func (m *model) heatWidth() int {
	if m.page != pageLive || m.charts.zoom != 3 && (m.charts.zoom != 0 || !m.roomy()) {
		return 0
	}
	return m.w
}

func (m *model) stretch(by int) tea.Cmd {
	m.say(m.charts.stretch(by))
	return nil
}

// totals are the figures of the run that is looked at, or the verdict on it, for w by h.
func (m *model) totals(w, h int) []string {
	if r := m.verdict(); r != nil {
		return verdictLines(m.st, r, m.nextKeys(), w, h)
	}
	if m.s.run == nil {
		return []string{m.st.dim.paint("no run")}
	}
	return runTotals(m.st, m.s.run, w)
}
