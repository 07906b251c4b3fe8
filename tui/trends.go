package tui

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// charts are throughput, latency and, where there is room, the heat map, below each other.
func (m *model) charts(w, h int) []string {
	win, title := m.window()
	if m.cursor >= len(win.sent) {
		m.cursor = len(win.sent) - 1
	}
	heights := m.chartHeights(h)
	var lines []string
	if heights[0] > 0 {
		lines = append(lines, m.framed(m.throughput(win, title), win.throughput(m), w, heights[0])...)
	}
	if heights[1] > 0 {
		lines = append(lines, m.framed(m.latency(win, title), win.latency(m), w, heights[1])...)
	}
	if heights[2] > 0 {
		lines = append(lines, m.heatMap(win, w, heights[2])...)
	}
	return block(lines, w, h)
}

// chartHeights is how many lines of h throughput, latency and heat map get.
func (m *model) chartHeights(h int) [3]int {
	if m.zoom > 0 {
		var all [3]int
		all[m.zoom-1] = h
		return all
	}
	switch {
	case h < 9:
		return [3]int{h}
	case m.roomy() && m.shown == nil:
		a := h * 7 / 20
		return [3]int{a, a, h - 2*a}
	}
	a := h * 9 / 20
	return [3]int{a, h - a}
}

// framed draws a chart, in a frame where there is room.
func (m *model) framed(c chart, ss []series, w, h int) []string {
	if !m.wide() || h < 7 {
		return indent(c.lines(m.st, ss, w-2, h), 1)
	}
	title, note := c.title, c.note
	if m.base != nil {
		note = "over " + m.shortID(m.base.id) + ", " + note
	}
	c.title = ""
	return m.st.panel(title, m.st.dim.paint(note), withoutNote(c).lines(m.st, ss, w-4, h-2), w, h)
}

func withoutNote(c chart) chart {
	c.note = ""
	return c
}

// window is what the charts show, and of what.
func (m *model) window() (window, string) {
	if m.shown != nil {
		return m.shown.window, ""
	}
	w := m.s.run.window
	return w, w.only
}

func (w window) throughput(m *model) []series {
	list := []series{{pen: m.st.ghost, values: w.ghost}}
	if m.base != nil && w.only == "" {
		list = append(list, series{name: "base", pen: m.st.faint, values: shift(m.base.window.sent, w.from, len(w.sent)), behind: true})
	}
	if hasValue(w.asked) {
		list = append(list, series{name: "asked", pen: m.st.asked, values: w.asked})
	}
	return append(list, series{name: "sent", pen: m.st.sent, values: w.sent}, series{name: "answered", pen: m.st.answered, values: w.answered})
}

func (w window) latency(m *model) []series {
	var list []series
	if m.base != nil && w.only == "" {
		list = append(list, series{name: "base p99", pen: m.st.faint, values: shift(m.base.window.p99, w.from, len(w.p99)), behind: true})
	}
	list = append(list, series{name: "p50", pen: m.st.p50, values: w.p50})
	if hasValue(w.p95) {
		list = append(list, series{name: "p95", pen: m.st.p95, values: w.p95})
	}
	return append(list, series{name: "p99", pen: m.st.p99, values: w.p99})
}

func hasValue(values []float64) bool { return slices.ContainsFunc(values, good) }

// shift is n values of another run from its second on.
func shift(values []float64, from, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = gap
		if j := from + i; j >= 0 && j < len(values) {
			out[i] = values[j]
		}
	}
	return out
}

func (m *model) throughput(w window, of string) chart {
	return m.axes(chart{title: of2("Throughput", of), note: m.timeNote(w), unit: perSecond}, w)
}

func (m *model) latency(w window, of string) chart {
	note := "log"
	if m.linear {
		note = "linear"
	}
	return m.axes(chart{title: of2("Latency", of), note: note, log: !m.linear, unit: micro}, w)
}

func of2(what, of string) string {
	if of == "" {
		return what
	}
	return what + " of " + of
}

// timeNote is the span, or the second that the cursor reads.
func (m *model) timeNote(w window) string {
	if m.cursor >= 0 {
		at := w.from + len(w.sent) - 1 - m.cursor
		if at < 0 {
			return "before T0"
		}
		return fmt.Sprintf("at %02d:%02d", at/60, at%60)
	}
	if m.shown == nil && spans[m.span] > 0 {
		return spanText(spans[m.span])
	}
	return "whole run"
}

func spanText(s int) string {
	if s%60 == 0 {
		return fmt.Sprintf("%dm", s/60)
	}
	return fmt.Sprintf("%ds", s)
}

func (m *model) axes(c chart, w window) chart {
	n := len(w.sent)
	c.cursor = -1
	if m.cursor >= 0 {
		c.cursor = n - 1 - m.cursor
	}
	c.marks = w.marks
	if w.only != "" && m.s.run.done {
		c.none = "a single driver's seconds are kept while its run goes on"
	}
	if w.from >= 0 {
		c.left = fmt.Sprintf("%02d:%02d", w.from/60, w.from%60)
	} else {
		c.left = fmt.Sprintf("-%ds", n)
	}
	if end := w.from + n; end > 0 {
		c.right = fmt.Sprintf("%02d:%02d", end/60, end%60)
	}
	return c
}

func (m *model) stretch(by int) tea.Cmd {
	m.span = max(0, min(m.span+by, len(spans)-1))
	m.cursor = -1
	if spans[m.span] == 0 {
		m.say("the whole run")
	} else {
		m.say("the last " + spanText(spans[m.span]))
	}
	return nil
}

// read moves the charts' cursor by n values into the past.
func (m *model) read(n int) tea.Cmd {
	if m.hasCharts() {
		win, _ := m.window()
		m.cursor = max(-1, min(m.cursor+n, len(win.sent)-1))
	}
	return nil
}
