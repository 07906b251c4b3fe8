package panel

import (
	"fmt"
	"strings"

	"landfall/node/figures"
	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Charts shows throughput, latency and the heat map of a period of a run.
type Charts struct {
	Frozen bool
	Linear bool   // latency on a linear axis
	Zoom   int    // 0: all charts, otherwise one of the zooms
	Cursor int    // second of the run that is read; -1: none
	span   int    // index in spans
	Only   string // driver whose charts are drawn; "": the fleet
	Base   *Past  // baseline that others are drawn over
	Shown  *Past  // past run whose charts are shown
	Last   bool   // Shown is the last run before the console started
}

// Zoom levels of the charts; 0 is all.
const (
	zoomThroughput = iota + 1
	zoomLatency
	ZoomHeat
	ZoomTable // the steps, or the capacity search, instead of charts
)

// spans are the periods that can be selected, shortest first.
var spans = []int{30, 60, 120, 300, 900, sample.WholeRun, sample.Fitted}

// NewCharts returns charts that follow the newest run up to its planned end.
func NewCharts() Charts { return Charts{Cursor: -1, span: len(spans) - 1} }

// Seconds returns the length of the shown period, or wholeRun or fitted.
func (p *Charts) Seconds() int { return spans[p.span] }

// Settle keeps the cursor within the shown period.
func (p *Charts) Settle(v *Display) {
	if p.Cursor >= 0 && p.Has(v) {
		w := p.Window(v)
		p.Cursor = max(-1, min(max(p.Cursor, w.From), w.From+w.Newest))
	}
}

// Reset follows the newest run of the whole fleet again, up to its planned end.
func (p *Charts) Reset() {
	p.Shown, p.Only, p.Frozen, p.Cursor, p.span = nil, "", false, -1, len(spans)-1
}

// Read moves the cursor by n seconds into the past, at first to the newest one. Beyond the newest, it disappears.
func (p *Charts) Read(v *Display, n int) {
	if !p.Has(v) {
		return
	}
	w := p.Window(v)
	newest := w.From + w.Newest
	if p.Cursor < 0 {
		p.Cursor = newest + 1
	}
	if p.Cursor = max(p.Cursor-n, w.From); p.Cursor > newest {
		p.Cursor = -1
	}
}

// Has reports whether there is a run to draw.
func (p *Charts) Has(v *Display) bool {
	return p.Shown != nil || v.Sample.Run != nil && !v.Sample.Run.T0.IsZero()
}

// Window returns the data to draw.
func (p *Charts) Window(v *Display) sample.Window {
	if p.Shown != nil {
		return p.Shown.Window
	}
	return v.Sample.Run.Window
}

// Lines draws throughput, latency and, if there is room, the heat map, one below the other.
func (p *Charts) Lines(v *Display, w, h int) []string {
	if p.Base != nil && p.Base.ID == v.drawn(p) { // a run drawn over itself would be invisible
		alone := *p
		alone.Base = nil
		p = &alone
	}
	win := p.Window(v)
	heights := p.heights(v, h)
	var lines []string
	if heights[0] > 0 {
		lines = append(lines, p.framed(v, p.throughputChart(v, win), p.throughput(v.Style, win), w, heights[0])...)
	}
	if heights[1] > 0 {
		lines = append(lines, p.framed(v, p.latencyChart(v, win), p.latency(v.Style, win), w, heights[1])...)
	}
	if heights[2] > 0 {
		lines = append(lines, p.HeatMap(v, win, w, heights[2])...)
	}
	return style.Block(lines, w, h)
}

// Besides draws throughput and latency side by side.
func (p *Charts) Besides(v *Display, w, h int) []string {
	win, half := p.Window(v), w/2
	return style.Beside(p.framed(v, p.throughputChart(v, win), p.throughput(v.Style, win), half, h), p.framed(v, p.latencyChart(v, win), p.latency(v.Style, win), w-half, h))
}

// drawn returns the id of the drawn run.
func (v *Display) drawn(p *Charts) string {
	if p.Shown != nil {
		return p.Shown.ID
	}
	return v.Sample.Run.ID
}

// heights divides h lines among throughput, latency and heat map.
func (p *Charts) heights(v *Display, h int) [3]int {
	if p.Zoom >= zoomThroughput && p.Zoom <= ZoomHeat {
		var all [3]int
		all[p.Zoom-zoomThroughput] = h
		return all
	}
	if h < 9 {
		return [3]int{h}
	}
	a := h * 9 / 20
	return [3]int{a, h - a}
}

// FrozenNote says in the frame of a panel that its figures are frozen; "": they are not.
func (p *Charts) FrozenNote(st *style.Sheet) string {
	if !p.Frozen || p.Shown != nil {
		return ""
	}
	return st.Warn.Paint(st.Glyph("‖", "=") + " frozen")
}

// framed draws a chart, in a frame if there is room.
func (p *Charts) framed(v *Display, c chart.Chart, ss []chart.Series, w, h int) []string {
	if !v.Wide() || h < 7 {
		return style.Indent(c.Lines(v.Style, ss, w-2, h), 1)
	}
	title, note := c.Title, c.Note
	if p.Base != nil {
		note = strings.TrimLeft(note+"  over "+v.ShortID(p.Base.ID), " ")
	}
	note = v.Style.Dim.Paint(note)
	if frozen := p.FrozenNote(v.Style); frozen != "" {
		note = strings.TrimRight(frozen+"  "+note, " ")
	}
	if c.Shares != "" {
		note = strings.TrimRight(v.Style.Warn.Paint(c.Shares)+"  "+note, " ")
	}
	c.Title, c.Note, c.Shares = "", "", ""
	return v.Style.Panel(title, note, c.Lines(v.Style, ss, w-4, h-2), w, h)
}

func (p *Charts) throughputChart(v *Display, w sample.Window) chart.Chart {
	return p.axes(v, chart.Chart{Title: of2("Throughput", w.Only), Note: p.timeNote(w), Unit: figures.ShortRate, Cap: mostAsked * top(w.Asked)}, w)
}

// mostAsked is how far above the requested rate the axis of throughput extends. A backlog that is sent at once may be many times as much.
const mostAsked = 1.5

// top returns the highest value; 0: there is none.
func top(values []float64) (most float64) {
	for _, v := range values {
		if chart.Good(v) {
			most = max(most, v)
		}
	}
	return most
}

func (p *Charts) latencyChart(v *Display, w sample.Window) chart.Chart {
	note := "log"
	if p.Linear {
		note = "linear"
	}
	return p.axes(v, chart.Chart{Title: of2("Latency", w.Only), Note: note, Log: !p.Linear, Estimates: true, Unit: figures.ShortMicros}, w)
}

func of2(what, of string) string {
	if of == "" {
		return what
	}
	return what + " of " + of
}

// whole reports whether a finished run is shown from start to end.
func (p *Charts) whole(w sample.Window) bool {
	return p.Shown != nil || w.Run != nil && p.Seconds() <= 0
}

// timeNote returns the span, or the second at the cursor.
func (p *Charts) timeNote(w sample.Window) string {
	if p.Cursor >= 0 {
		return "at " + figures.ShortSecond(p.Cursor)
	}
	if p.whole(w) {
		return spanText(sample.WholeRun)
	}
	return spanText(p.Seconds())
}

// spanText names a period; the fitted one has no name.
func spanText(s int) string {
	switch {
	case s == sample.Fitted:
		return ""
	case s == sample.WholeRun:
		return "whole run"
	case s%60 == 0:
		return fmt.Sprintf("last %dm", s/60)
	}
	return fmt.Sprintf("last %ds", s)
}

func (p *Charts) axes(v *Display, c chart.Chart, w sample.Window) chart.Chart {
	c.Cursor, c.From, c.Newest, c.Warmup, c.Marks, c.Partial, c.Whole = -1, w.From, w.Newest, w.Warmup, w.Marks, w.Partial, w.Run != nil && p.whole(w)
	at := w.Newest
	if p.Cursor >= 0 {
		c.Cursor = p.Cursor - w.From
		at = c.Cursor
	}
	if (!c.Whole || c.Cursor >= 0) && at >= 0 && at < len(w.Partial) && w.Partial[at] {
		c.Shares = fmt.Sprintf("%d of %d drivers", w.Present[at], w.Expects[at])
		if p.Shown != nil {
			c.Shares = figures.Percent(float64(w.Present[at]), float64(w.Expects[at])) + " of the drivers"
		}
	}
	if w.Only != "" && w.Newest < 0 {
		c.None, c.Marks = "nothing is known of this driver's seconds", nil
	} else if w.Run != nil {
		c.None = "no responses"
	}
	return c
}

// Stretch selects a longer or shorter period, and returns its name. Periods longer than the run so far would only make it smaller.
func (p *Charts) Stretch(v *Display, by int) string {
	passed := 0
	if p.Has(v) {
		w := p.Window(v)
		passed = w.From + w.Newest + 1
	}
	for next := p.span + by; next >= 0 && next < len(spans); next += by {
		if p.span = next; spans[next] <= 0 || spans[next] < passed || next == 0 {
			break
		}
	}
	p.Cursor = -1
	if text := spanText(p.Seconds()); text != "" {
		return text
	}
	return "up to the planned end"
}
