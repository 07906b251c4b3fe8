package panel

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"landfall/node"
	"landfall/node/capacity"
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// CapacityH returns the height of the panel of a search, including its frame; 0: there is none.
func CapacityH(s *sample.Search) int {
	if s == nil {
		return 0
	}
	tall := len(capacityRows(s)) + 4
	if s.Certificate.Ended != "" {
		tall += 3
	}
	return tall
}

// Capacity shows a capacity search, w by h in all: the result so far, and the p99 at each tested rate, as bars on a log scale. If there are
// too many rates, those near the capacity are shown.
func Capacity(st *style.Sheet, s *sample.Search, w, h int) []string {
	inner := w - 4
	lines := []string{capacityWords(st, s)}
	rows := capacityRows(s)
	most := barRoom(rows, inner)
	lines = append(lines, wrapped(st, "", st.Warn, s.Certificate.Ended, inner)...)
	lines = append(lines, st.Faint.Paint(style.RightCell("rate", 10)+" "+style.RightCell("p99", most+8)))
	room := max(1, h-2-len(lines))
	from := 0
	if len(rows) > room {
		at := slices.IndexFunc(rows, func(r capacityRow) bool { return !r.probe.Holds && r.probe.Void == "" })
		from = max(0, min(max(at, 0)-room/2, len(rows)-room))
	}
	low, high := p99Range(rows)
	for _, r := range rows[from:min(from+room, len(rows))] {
		lines = append(lines, r.line(st, low, high, most))
	}
	return st.Panel("Capacity", st.Dim.Paint(string(s.Phase)), lines, w, h)
}

// capacityWords describes the certificate so far.
func capacityWords(st *style.Sheet, s *sample.Search) string {
	c := s.Certificate
	var parts []string
	holds, broke := c.RateRPS, c.BelowRPS
	if s.Phase != capacity.Ended { // shown by the certificate at the end
		holds, broke = bounds(c.Curve())
	}
	if holds > 0 {
		word := "holds "
		if c.Confirmed {
			word = st.Glyph("✓", "+") + " confirmed "
		}
		parts = append(parts, st.Good.Paint(word+figures.ShortRate(holds)))
	}
	if broke > 0 {
		parts = append(parts, st.Bad.Paint("breaks at "+figures.ShortRate(broke)))
	}
	if c.KneeRPS > 0 && c.BelowRPS > 0 {
		parts = append(parts, st.Dim.Paint("knee "+figures.ShortRate(c.KneeRPS)))
	}
	if s.Phase != capacity.Ended {
		parts = append(parts, st.Accent.Paint("now "+figures.ShortRate(s.RateRPS)))
	}
	return strings.Join(parts, st.Dim.Paint(" · "))
}

// bounds returns the lowest rate that did not hold, and the highest one below it that did; 0: none.
func bounds(curve []capacity.Probe) (holds, broke float64) {
	for _, p := range curve {
		if !p.Holds && p.Phase != capacity.Overload {
			return holds, p.RateRPS
		}
		if p.Holds {
			holds = p.RateRPS
		}
	}
	return holds, 0
}

// capacityRow is one rate; the rate being tested has no probe yet.
type capacityRow struct {
	rate  float64
	probe capacity.Probe
	now   bool
	brief bool // it held, but failed in a longer probe
}

// capacityRows returns the probes with a result, void confirmations and the current probe, by rate.
func capacityRows(s *sample.Search) (rows []capacityRow) {
	for _, p := range s.Certificate.Probes {
		if p.Void == "" || p.Phase == capacity.Confirming {
			rows = append(rows, capacityRow{rate: p.RateRPS, probe: p, brief: s.Certificate.Superseded(p)})
		}
	}
	if s.Phase != capacity.Ended {
		rows = append(rows, capacityRow{rate: s.RateRPS, probe: capacity.Probe{Phase: s.Phase, Holds: true}, now: true})
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].rate < rows[j].rate })
	return rows
}

// p99Range returns the lowest and the highest p99 of the rates.
func p99Range(rows []capacityRow) (low, high float64) {
	low = math.Inf(1)
	for _, r := range rows {
		if !r.now && r.probe.Void == "" {
			low, high = min(low, float64(r.probe.P99US)), max(high, float64(r.probe.P99US))
		}
	}
	return low, high
}

// why returns the reason why a rate does not hold, or for how long it held; "": there is nothing to say.
func (r capacityRow) why() string {
	switch {
	case r.probe.Void != "":
		return node.Clean("void: "+r.probe.Void, 80) + r.held()
	case r.probe.Phase == capacity.Overload:
		return "overload on purpose"
	case !r.probe.Holds:
		return node.Clean(r.probe.Broke, 80) + r.held()
	case r.brief:
		return fmt.Sprintf("held for %ds, later it did not", r.probe.Seconds)
	case r.probe.Phase == capacity.Confirming:
		return fmt.Sprintf("held for %ds", r.probe.Seconds)
	}
	return ""
}

// held tells for how long the objectives held at a rate that failed; "": not for a second.
func (r capacityRow) held() string {
	if r.probe.HeldS == 0 {
		return ""
	}
	return fmt.Sprintf(" (held %d of %ds)", r.probe.HeldS, r.probe.Seconds)
}

// barRoom returns how many of w columns remain for bars, beside rates, p99 and reasons.
func barRoom(rows []capacityRow, w int) int {
	room := w/2 - 10
	for _, r := range rows {
		room = min(room, w-21-style.Width(r.why()))
	}
	return max(4, room)
}

// line renders a row with a bar of at most the given width.
func (r capacityRow) line(st *style.Sheet, low, high float64, most int) string {
	rate := style.RightCell(figures.ShortRate(r.rate), 8)
	if r.now {
		return st.Accent.Paint(st.Glyph("▸", ">")+" "+rate) + st.Dim.Paint("  "+string(r.probe.Phase)+st.Glyph(" …", " ..."))
	}
	sign, ink := st.Glyph("✓", "+"), st.Good
	switch {
	case r.probe.Void != "":
		sign, ink = st.Glyph("▲", "!"), st.Dim
	case r.probe.Phase == capacity.Overload:
		sign, ink = st.Glyph("▲", "!"), st.Warn
	case r.brief:
		ink = st.Dim
	case !r.probe.Holds:
		sign, ink = st.Glyph("✖", "x"), st.Bad
	}
	bar := strings.Repeat(st.Glyph("█", "#"), barOf(float64(r.probe.P99US), low, high, most))
	return ink.Paint(sign) + " " + rate + " " + ink.Paint(style.Fill(bar, most)) + " " + style.RightCell(figures.ShortMicros(float64(r.probe.P99US)), 7) + st.Dim.Paint("  "+r.why())
}

// barOf returns the number of cells, of at most most, for a value on a log scale from low to high; at least one.
func barOf(v, low, high float64, most int) int {
	if v <= low || high <= low || low <= 0 {
		return 1
	}
	return max(1, min(most, 1+int(float64(most-1)*math.Log(v/low)/math.Log(high/low)+.5)))
}
