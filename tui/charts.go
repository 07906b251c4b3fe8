package tui

import (
	"fmt"
	"slices"
	"strings"
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
	last   bool     // it is shown because there was none when the console was started
}

// spans are the stretches of time that can be chosen, shortest first.
var spans = []int{30, 60, 120, 300, 900, wholeRun, fitted}

func newChartsPanel() chartsPanel { return chartsPanel{cursor: -1, span: len(spans) - 1} }

// seconds is how many the charts show, wholeRun or fitted.
func (p *chartsPanel) seconds() int { return spans[p.span] }

// settle keeps the cursor within what is shown.
func (p *chartsPanel) settle(v *display) {
	if p.has(v) {
		p.cursor = min(p.cursor, p.window(v).newest)
	}
}

// reset follows the newest run of the whole fleet again.
func (p *chartsPanel) reset() { p.shown, p.only, p.frozen, p.cursor = nil, "", false, -1 }

// read moves the cursor by n values into the past.
func (p *chartsPanel) read(v *display, n int) {
	if p.has(v) {
		p.cursor = max(-1, min(p.cursor+n, p.window(v).newest))
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
	if p.base != nil && p.base.id == v.drawn(p) { // over itself nothing is seen
		alone := *p
		alone.base = nil
		p = &alone
	}
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

// besides are throughput and latency beside each other.
func (p *chartsPanel) besides(v *display, w, h int) []string {
	win, half := p.window(v), w/2
	return beside(p.framed(v, p.throughputChart(v, win), p.throughput(v.st, win), half, h), p.framed(v, p.latencyChart(v, win), p.latency(v.st, win), w-half, h))
}

// drawn is the id of the run that is drawn.
func (v *display) drawn(p *chartsPanel) string {
	if p.shown != nil {
		return p.shown.id
	}
	return v.s.run.id
}

// heights is how many lines of h throughput, latency and heat map get.
func (p *chartsPanel) heights(v *display, h int) [3]int {
	if p.zoom > 0 {
		var all [3]int
		all[p.zoom-1] = h
		return all
	}
	if h < 9 {
		return [3]int{h}
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
		note = strings.TrimLeft(note+"  over "+v.shortID(p.base.id), " ")
	}
	c.title, c.note = "", ""
	return v.st.panel(title, v.st.dim.paint(note), c.lines(v.st, ss, w-4, h-2), w, h)
}

func (p *chartsPanel) throughput(st *styles, w window) (list []series) {
	list = append(list, series{name: "answered", pen: st.answered, values: w.answered, shape: area, ramp: st.answeredRamp})
	if hasMore(w.failed) {
		list = append(list, series{name: "failed", pen: st.bad, values: w.failed, shape: area, dense: true})
	}
	if p.base != nil && w.only == "" {
		list = append(list, series{name: "base", pen: st.faint, values: shift(p.base.window.sent, w.from, len(w.sent)), plain: dotted, behind: true, exact: true})
	}
	if hasValue(w.asked) {
		list = append(list, series{name: "asked", pen: st.asked, values: w.asked, shape: dashed, plain: dashed, exact: true})
	}
	return append(list, series{name: "sent", pen: st.sent, values: w.sent})
}

func (p *chartsPanel) latency(st *styles, w window) (list []series) {
	list = append(list, series{pen: st.p99, values: w.p99, shape: area, ramp: st.p99Ramp, floor: w.p95})
	if hasValue(w.p95) {
		list = append(list, series{pen: st.p95, values: w.p95, shape: area, ramp: st.p95Ramp, floor: w.p50})
	}
	if p.base != nil && w.only == "" {
		list = append(list, series{name: "base p99", pen: st.faint, values: shift(p.base.window.p99, w.from, len(w.p99)), plain: dotted, behind: true, exact: true})
	}
	list = append(list, series{name: "p50", pen: st.p50, values: w.p50})
	if hasValue(w.p95) {
		list = append(list, series{name: "p95", pen: st.p95, values: w.p95, plain: dashed})
	}
	return append(list, series{name: "p99", pen: st.p99, values: w.p99, plain: dotted})
}

// hasMore tells whether some value is more than nothing.
func hasMore(values []float64) bool {
	return slices.ContainsFunc(values, func(v float64) bool { return good(v) && v > 0 })
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
		return "at " + timeText(w.from+w.newest-p.cursor)
	}
	if p.shown == nil {
		return spanText(p.seconds())
	}
	return spanText(wholeRun)
}

// spanText names a stretch of time; the one that fits needs no name.
func spanText(s int) string {
	switch {
	case s == fitted:
		return ""
	case s == wholeRun:
		return "whole run"
	case s%60 == 0:
		return fmt.Sprintf("last %dm", s/60)
	}
	return fmt.Sprintf("last %ds", s)
}

func (p *chartsPanel) axes(v *display, c chart, w window) chart {
	c.cursor, c.from, c.newest, c.marks, c.partial = -1, w.from, w.newest, w.marks, w.partial
	at := w.newest
	if p.cursor >= 0 {
		c.cursor = w.newest - p.cursor
		at = c.cursor
	}
	if at >= 0 && at < len(w.partial) && w.partial[at] {
		c.shares = fmt.Sprintf("%d of %d drivers", w.present[at], w.expects[at])
	}
	if w.only != "" && v.s.run.done {
		c.none = "a single driver's seconds are kept while its run is active"
	}
	return c
}

// stretch shows a longer or shorter time, and says which.
func (p *chartsPanel) stretch(by int) string {
	p.span = max(0, min(p.span+by, len(spans)-1))
	p.cursor = -1
	if text := spanText(p.seconds()); text != "" {
		return text
	}
	return "up to the planned end"
}
