package panel

import (
	"strings"

	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// FiguresLine returns a row of figures of the active run: progress, latencies since T0, thresholds, dropped requests and requests in
// flight.
func (v *Display) FiguresLine() string {
	st, r := v.Style, v.Sample.Run
	parts := []string{}
	if bar := progressBar(st, r); bar != "" {
		parts = append(parts, bar)
	}
	parts = append(parts, st.Dim.Paint("p50 ")+latency(r.Whole.P50)+st.Dim.Paint("  p95 ")+latency(r.Whole.P95)+st.Dim.Paint("  p99 ")+st.Bold.Paint(latency(r.Whole.P99)))
	parts = append(parts, conditionParts(st, r.Conditions, v.W-2-style.Width(strings.Join(parts, "   "))-3)...)
	dropped := st.Dim.Paint("dropped ") + figures.Count(r.Total.Dropped)
	if r.Total.Dropped > 0 {
		dropped = st.Warn.Paint("dropped " + figures.Count(r.Total.Dropped))
	}
	parts = append(parts, dropped, st.Dim.Paint("in flight ")+figures.Count(r.Latest.InFlight))
	line, rule := "", st.Rule.Paint(" "+st.Glyph("│", "|")+" ")
	for _, part := range parts {
		if line != "" && style.Width(line)+3+style.Width(part) > v.W-2 {
			continue
		}
		if line != "" {
			line += rule
		}
		line += part
	}
	return style.Fill(" "+line, v.W)
}

// conditionParts returns conditions with their values or, if w columns are not enough, a summary.
func conditionParts(st *style.Sheet, list []sample.Condition, w int) (parts []string) {
	for _, c := range list {
		parts = append(parts, conditionWords(st, c))
	}
	if short := ConditionsShort(st, list); short != "" && style.Width(strings.Join(parts, "   ")) > w {
		return []string{short}
	}
	return parts
}

// HasFigures reports whether there is a row of figures below the tabs.
func (v *Display) HasFigures() bool {
	r := v.Sample.Run
	return v.Wide() && r != nil && r.Active && !r.T0.IsZero() && r.Latest.At >= 0 && r.Total.Requests > 0
}

// progressBar shows how much of a run has passed; "": it has no planned end.
func progressBar(st *style.Sheet, r *sample.Run) string {
	const cells = 16
	share := 0.0
	switch {
	case r.Search != nil: // its end is not known
		return ""
	case r.Until > 0:
		share = r.Elapsed.Seconds() / r.Until.Seconds()
	case r.Count > 0:
		share = float64(r.Total.Requests+r.Total.Dropped) / float64(r.Count)
	default:
		return ""
	}
	n := min(cells, int(share*cells+.5))
	return st.Accent.Paint(strings.Repeat(st.Glyph("▰", "#"), n)) + st.Rule.Paint(strings.Repeat(st.Glyph("▱", "."), cells-n))
}
