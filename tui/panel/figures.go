package panel

import (
	"slices"
	"strings"

	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// FiguresLine returns a row of figures of the active run: progress, latencies since T0, thresholds, dropped requests and requests in
// flight. If there is little room, the least important ones are omitted or summarized: first the progress, which the first line shows, then
// percentiles below p99.
func (v *Display) FiguresLine() string {
	st, r := v.Style, v.Sample.Run
	lead, rule := st.Dim.Paint("run "), st.Rule.Paint(" "+st.Glyph("│", "|")+" ")
	asOf := ""
	if v.Sample.Trouble != nil {
		asOf = st.Warn.Paint("as of "+v.Sample.Now.Local().Format("15:04:05")) + "  "
	}
	bar, dropped := progressBar(st, r), st.Dim.Paint("dropped ")+figures.Count(r.Total.Dropped)
	if r.Total.Dropped > 0 {
		dropped = st.Warn.Paint("dropped " + figures.Count(r.Total.Dropped))
	}
	p50, p95, p99 := st.Dim.Paint("p50 ")+latency(r.Whole.P50)+"  ", st.Dim.Paint("p95 ")+latency(r.Whole.P95)+"  ", st.Dim.Paint("p99 ")+st.Bold.Paint(latency(r.Whole.P99))
	all, short := strings.Join(conditionParts(st, r.Conditions), rule), ConditionsShort(st, r.Conditions)
	line := ""
	for _, parts := range [][]string{{bar, p50 + p95 + p99, all}, {p50 + p95 + p99, all}, {p50 + p99, all}, {bar, p50 + p95 + p99, short}, {p50 + p95 + p99, short}, {p50 + p99, short}, {p99, short}, {short}} {
		parts = slices.DeleteFunc(append(parts, inFlight(st, r), dropped), func(part string) bool { return part == "" })
		if line = " " + lead + strings.Join(parts, rule); style.Width(line)+style.Width(asOf) < v.W {
			break
		}
	}
	if asOf != "" {
		line = " " + asOf + st.Aged([]string{line[1:]})[0]
	}
	return style.Fill(line, v.W)
}

// inFlight formats the number of requests in flight and, if it is known, how many can be.
func inFlight(st *style.Sheet, r *sample.Run) string {
	text := figures.Count(r.Latest.InFlight)
	if r.MaxInFlight > 0 {
		text += "/" + figures.Count(r.MaxInFlight)
	}
	if r.Waits() {
		return st.Warn.Paint("in flight " + text)
	}
	return st.Dim.Paint("in flight ") + text
}

// conditionParts returns conditions with their values, those that are not met first.
func conditionParts(st *style.Sheet, list []sample.Condition) (parts []string) {
	for _, met := range []bool{false, true} {
		for _, c := range list {
			if c.Met == met {
				parts = append(parts, conditionWords(st, c))
			}
		}
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
