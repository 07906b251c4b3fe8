package tui

import (
	"landfall/node/figures"
	"strings"
)

// figuresLine is the run that is active in a row of figures: how far it is, its latencies since T0, its thresholds, what was
// dropped and what is in flight.
func (v *display) figuresLine() string {
	st, r := v.st, v.s.run
	parts := []string{}
	if bar := progressBar(st, r); bar != "" {
		parts = append(parts, bar)
	}
	parts = append(parts, st.dim.paint("p50 ")+micro(r.whole.p50)+st.dim.paint("  p95 ")+micro(r.whole.p95)+st.dim.paint("  p99 ")+st.bold.paint(micro(r.whole.p99)))
	for _, c := range r.conditions {
		parts = append(parts, conditionWords(st, c))
	}
	dropped := st.dim.paint("dropped ") + figures.Count(r.total.Dropped)
	if r.total.Dropped > 0 {
		dropped = st.warn.paint("dropped " + figures.Count(r.total.Dropped))
	}
	parts = append(parts, dropped, st.dim.paint("in flight ")+figures.Count(r.latest.inFlight))
	line, rule := "", st.rule.paint(" "+st.glyph("│", "|")+" ")
	for _, part := range parts {
		if line != "" && width(line)+3+width(part) > v.w-2 {
			break
		}
		if line != "" {
			line += rule
		}
		line += part
	}
	return fill(" "+line, v.w)
}

// hasFigures tells whether there is a row of figures below the tabs.
func (v *display) hasFigures() bool {
	r := v.s.run
	return v.wide() && r != nil && r.active && !r.t0.IsZero() && r.latest.at >= 0 && r.total.Requests > 0
}

// progressBar is how much of a run is over; "": it has no planned end.
func progressBar(st *styles, r *runView) string {
	const cells = 16
	share := 0.0
	switch {
	case r.until > 0:
		share = r.elapsed.Seconds() / r.until.Seconds()
	case r.count > 0:
		share = float64(r.total.Requests+r.total.Dropped) / float64(r.count)
	default:
		return ""
	}
	n := min(cells, int(share*cells+.5))
	return st.accent.paint(strings.Repeat(st.glyph("▰", "#"), n)) + st.rule.paint(strings.Repeat(st.glyph("▱", "."), cells-n)) + " " + percent(min(share, 1), 1)
}
