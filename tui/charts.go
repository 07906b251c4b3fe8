package tui

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// chartsPanel is throughput, latency and the heat map: which stretch of which run they show, and how.
type chartsPanel struct {
	frozen bool
	linear bool     // latency on a linear axis
	zoom   int      // 0: all charts, 1: throughput, 2: latency, 3: heat map
	cursor int      // seconds before the newest value; -1: none
	span   int      // index in spans
	only   string   // the driver whose charts are drawn; "": the fleet's
	base   *pastRun // what others are drawn over
	shown  *pastRun // a run of the history whose charts are looked at
}

// spans are the stretches of time that the charts can show, in seconds; 0: the whole run.
var spans = []int{30, 60, 120, 300, 900, 0}

func newChartsPanel() chartsPanel { return chartsPanel{cursor: -1, span: 1} }

// seconds is how many the charts show; 0: all.
func (p *chartsPanel) seconds() int { return spans[p.span] }

// settle keeps the cursor within what is shown.
func (p *chartsPanel) settle(v *display) {
	if p.has(v) {
		p.cursor = min(p.cursor, len(p.window(v).sent)-1)
	}
}

// reset follows the newest run of the whole fleet again.
func (p *chartsPanel) reset() { p.shown, p.only, p.frozen, p.cursor = nil, "", false, -1 }

// read moves the cursor by n values into the past.
func (p *chartsPanel) read(v *display, n int) {
	if p.has(v) {
		p.cursor = max(-1, min(p.cursor+n, len(p.window(v).sent)-1))
	}
}

// has tells whether there is a run to draw.
func (p *chartsPanel) has(v *display) bool {
	return p.shown != nil || v.s.run != nil && !v.s.run.t0.IsZero()
}

// window is what the charts show.
func (p *chartsPanel) window(v *display) window {
	if p.shown != nil {
		return p.shown.window
	}
	return v.s.run.window
}

// lines are throughput, latency and, where there is room, the heat map, below each other.
func (p *chartsPanel) lines(v *display, w, h int) []string {
	win := p.window(v)
	heights := p.heights(v, h)
	var lines []string
	if heights[0] > 0 {
		lines = append(lines, p.framed(v, p.throughputChart(v, win), p.throughput(v.st, win), w, heights[0])...)
	}
	if heights[1] > 0 {
		lines = append(lines, p.framed(v, p.latencyChart(v, win), p.latency(v.st, win), w, heights[1])...)
	}
	if heights[2] > 0 {
		lines = append(lines, p.heatMap(v, win, w, heights[2])...)
	}
	return block(lines, w, h)
}

// heights is how many lines of h throughput, latency and heat map get.
func (p *chartsPanel) heights(v *display, h int) [3]int {
	if p.zoom > 0 {
		var all [3]int
		all[p.zoom-1] = h
		return all
	}
	switch {
	case h < 9:
		return [3]int{h}
	case v.roomy() && p.shown == nil:
		a := h * 7 / 20
		return [3]int{a, a, h - 2*a}
	}
	a := h * 9 / 20
	return [3]int{a, h - a}
}

// framed draws a chart, in a frame where there is room.
func (p *chartsPanel) framed(v *display, c chart, ss []series, w, h int) []string {
	if !v.wide() || h < 7 {
		return indent(c.lines(v.st, ss, w-2, h), 1)
	}
	title, note := c.title, c.note
	if p.base != nil {
		note = "over " + v.shortID(p.base.id) + ", " + note
	}
	c.title, c.note = "", ""
	return v.st.panel(title, v.st.dim.paint(note), c.lines(v.st, ss, w-4, h-2), w, h)
}

func (p *chartsPanel) throughput(st *styles, w window) []series {
	list := []series{{pen: st.ghost, values: w.ghost}}
	if p.base != nil && w.only == "" {
		list = append(list, series{name: "base", pen: st.faint, values: shift(p.base.window.sent, w.from, len(w.sent)), behind: true})
	}
	if hasValue(w.asked) {
		list = append(list, series{name: "asked", pen: st.asked, values: w.asked})
	}
	return append(list, series{name: "sent", pen: st.sent, values: w.sent}, series{name: "answered", pen: st.answered, values: w.answered})
}

func (p *chartsPanel) latency(st *styles, w window) []series {
	var list []series
	if p.base != nil && w.only == "" {
		list = append(list, series{name: "base p99", pen: st.faint, values: shift(p.base.window.p99, w.from, len(w.p99)), behind: true})
	}
	list = append(list, series{name: "p50", pen: st.p50, values: w.p50})
	if hasValue(w.p95) {
		list = append(list, series{name: "p95", pen: st.p95, values: w.p95})
	}
	return append(list, series{name: "p99", pen: st.p99, values: w.p99})
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

func (p *chartsPanel) throughputChart(v *display, w window) chart {
	return p.axes(v, chart{title: of2("Throughput", w.only), note: p.timeNote(w), unit: perSecond}, w)
}

func (p *chartsPanel) latencyChart(v *display, w window) chart {
	note := "log"
	if p.linear {
		note = "linear"
	}
	return p.axes(v, chart{title: of2("Latency", w.only), note: note, log: !p.linear, unit: micro}, w)
}

func of2(what, of string) string {
	if of == "" {
		return what
	}
	return what + " of " + of
}

// timeNote is the span, or the second that the cursor reads.
func (p *chartsPanel) timeNote(w window) string {
	if p.cursor >= 0 {
		at := w.from + len(w.sent) - 1 - p.cursor
		if at < 0 {
			return "before T0"
		}
		return fmt.Sprintf("at %02d:%02d", at/60, at%60)
	}
	if p.shown == nil && p.seconds() > 0 {
		return spanText(p.seconds())
	}
	return "whole run"
}

func spanText(s int) string {
	if s%60 == 0 {
		return fmt.Sprintf("%dm", s/60)
	}
	return fmt.Sprintf("%ds", s)
}

func (p *chartsPanel) axes(v *display, c chart, w window) chart {
	n := len(w.sent)
	c.cursor = -1
	if p.cursor >= 0 {
		c.cursor = n - 1 - p.cursor
	}
	c.marks = w.marks
	if w.only != "" && v.s.run.done {
		c.none = "a single driver's seconds are kept while its run is active"
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
	p := &m.charts
	p.span = max(0, min(p.span+by, len(spans)-1))
	p.cursor = -1
	if p.seconds() == 0 {
		m.say("the whole run")
	} else {
		m.say("the last " + spanText(p.seconds()))
	}
	return nil
}
