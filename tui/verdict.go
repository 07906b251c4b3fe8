package tui

import (
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/report"
)

// verdictLines is how a run ended and why, in w by h: the card that is shown once it is over.
func (m *model) verdictLines(r *report.Report, w, h int) []string {
	st := m.st
	word := string(r.Outcome)
	lines := []string{st.outcomePen(word).paint(st.outcomeSign(word) + " " + strings.ToUpper(word))}
	for _, met := range []bool{false, true} {
		for _, c := range judgedConditions(r) {
			if c.met == met {
				lines = append(lines, "  "+st.conditionWords(c))
			}
		}
	}
	if len(lines) > 1 { // the first reason stands beside the word
		lines = append([]string{lines[0] + lines[1]}, lines[2:]...)
	}
	lines = append(lines, m.warningLines(r.Warnings, w)...)
	lines = append(append(lines, ""), m.percentiles(r, w)...)
	rest := append(m.counts(r, w), "", m.nextKeys())
	lines = append(lines, histogramLines(st, r.Histogram, w, min(8, h-len(lines)-len(rest)))...)
	for i, line := range rest {
		if i > 0 || line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// percentiles are the latencies of the whole run, on as many lines of w columns as they need.
func (m *model) percentiles(r *report.Report, w int) (lines []string) {
	line := ""
	for _, p := range []struct {
		name string
		us   int64
	}{{"p50", r.Latency.P50}, {"p90", r.Latency.P90}, {"p95", r.Latency.P95}, {"p99", r.Latency.P99}, {"max", r.Latency.Max}} {
		part := m.st.dim.paint(p.name+" ") + m.st.bold.paint(micro(float64(p.us)))
		switch {
		case line == "":
			line = part
		case width(line)+2+width(part) > w:
			lines, line = append(lines, line), part
		default:
			line += "  " + part
		}
	}
	return append(lines, line)
}

// counts are what was sent and what became of it, two a line where there is room.
func (m *model) counts(r *report.Report, w int) []string {
	st := m.st
	part := func(name, value string, ink pen) string { return st.dim.paint(name+" ") + ink.paint(value) }
	rate := part("rate", perSecond(r.RateRPS), pen{})
	if r.AskedRateRPS > 0 {
		rate += st.dim.paint(" of " + short(r.AskedRateRPS))
	}
	parts := []string{part("requests", whole(r.Requests), pen{}), rate, part("failed", whole(r.Failed), tone(r.Failed, st)),
		part("dropped", whole(r.Dropped), tone(r.Dropped, st))}
	if r.Unknown > 0 {
		parts = append(parts, part("unknown", "up to "+whole(r.Unknown), st.warn))
	}
	parts = append(parts, part("lag p99", micro(float64(r.Lag.P99)), pen{}))
	for _, class := range slices.Sorted(maps.Keys(r.Errors)) {
		if n := r.Errors[class]; n > 0 {
			parts = append(parts, part(string(class)+" errors", whole(n), st.bad))
		}
	}
	if r.Unexpected > 0 {
		parts = append(parts, part("unexpected", whole(r.Unexpected), st.bad))
	}
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		parts = append(parts, part("status "+node.Clean(status, 4), whole(r.Statuses[status]), pen{}))
	}
	var lines []string
	for i := 0; i < len(parts); i += 2 {
		line := fill(parts[i], w/2)
		if i+1 < len(parts) {
			line += parts[i+1]
		}
		lines = append(lines, line)
	}
	return lines
}

// nextKeys is what to do after a run.
func (m *model) nextKeys() string {
	var words []string
	for _, next := range [][2]string{{"again", "again"}, {"edit", "edit and run"}, {"report", "report"}} {
		if key := m.keyOf(next[0]); key != "" {
			words = append(words, m.hint(key, next[1]))
		}
	}
	return strings.Join(words, "  ")
}

// histogramLines is how latencies are spread, in at most h lines of w columns.
func histogramLines(st *styles, hist *hdr.Histogram, w, h int) (lines []string) {
	if hist == nil || hist.Count() == 0 || h < 3 {
		return nil
	}
	edges := spreadEdges(float64(hist.Min()), float64(hist.Quantile(.999)), h)
	before, all := int64(0), float64(hist.Count())
	room := max(4, w-16)
	for i, edge := range edges {
		n := hist.CountAtMost(int64(edge))
		if i == len(edges)-1 {
			n, edge = hist.Count(), float64(hist.Max())
		}
		share := float64(n-before) / all
		bar := ""
		if n > before {
			bar = strings.Repeat(st.glyph("█", "#"), max(1, int(share*float64(room)+.5)))
		}
		lines = append(lines, st.dim.paint(rightCell("≤"+micro(edge), 7))+" "+st.answered.paint(fill(bar, width(bar)))+" "+percent(float64(n-before), all))
		before = n
	}
	return lines
}

// spreadEdges are round values from low to high, as finely as n allow.
func spreadEdges(low, high float64, n int) (edges []float64) {
	for _, steps := range [][]float64{{1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}} {
		edges = edges[:0]
		for scale := 1.0; len(edges) == 0 || edges[len(edges)-1] < high; scale *= 10 {
			for _, s := range steps {
				if s*scale > low && (len(edges) == 0 || edges[len(edges)-1] < high) {
					edges = append(edges, s*scale)
				}
			}
		}
		if len(edges) <= n {
			return edges
		}
	}
	return edges[len(edges)-n:]
}
