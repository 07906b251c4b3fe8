package panel

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/report"
	"landfall/node/report/render"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// maxBars is the maximum number of bars of the latency distribution.
const maxBars = 12

// minBars is the number of bars for which warnings are shortened.
const minBars = 5

// VerdictLines returns the card of a finished run, in w by h: outcome and reasons, latencies and counts, and possible next actions, which are
// always on it. If there is little room, warnings take two lines, and the distribution, findings and counts are shortened, in this order.
func VerdictLines(st *style.Sheet, r *report.Report, keys string, w, h int) []string {
	if r.Capacity != nil {
		return searchLines(st, r, keys, w, h)
	}
	head, figures := outcomeLines(st, r), append([]string{""}, percentiles(st, r, w)...)
	news := findingsShort(st, newFindings(r.Findings, r.Warnings), w)
	tail := counts(st, r, w)
	room := h - len(head) - len(figures) - len(tail) - 2 // an empty line and the keys
	doubts := warningLines(st, r.Warnings, w)
	if len(doubts)+len(news) > room-minBars {
		doubts = warningsShort(st, r.Warnings, w)
	}
	if len(doubts)+len(news) > room {
		news = nil
	}
	lines := slices.Concat(head, doubts, news, figures)
	lines = append(lines, histogramLines(st, r.Histogram, w, min(maxBars, room-len(doubts)-len(news)))...)
	lines = append(lines, tail...)
	if len(lines)+2 <= h {
		lines = append(lines, "")
	}
	return append(lines[:max(1, min(len(lines), h-1))], keys)
}

// warningsShort returns warnings in at most two lines of w columns, and where the others are.
func warningsShort(st *style.Sheet, list []string, w int) []string {
	lines := warningLines(st, list[:min(len(list), 1)], w)
	switch {
	case len(list) < 2 && len(lines) <= 2:
		return lines
	case len(list) < 2:
		return []string{lines[0], st.Warn.Paint(style.Fill("  "+strings.Join(style.Wrap(node.Clean(list[0], 400), w-2)[1:], " "), w))}
	}
	first := st.Warn.Paint(style.Cell(st.Glyph("▲", "!")+" "+node.Clean(list[0], 400), w))
	if len(list) == 2 {
		return []string{first, st.Warn.Paint(style.Cell(st.Glyph("▲", "!")+" "+node.Clean(list[1], 400), w))}
	}
	return []string{first, st.Warn.Paint(fmt.Sprintf("  and %d more in the report", len(list)-1))}
}

// outcomeLines returns the outcome and, beside it, the thresholds, one below the other, those that are not met first.
func outcomeLines(st *style.Sheet, r *report.Report) (lines []string) {
	head := headline(st, r)
	lead := head + "  "
	for _, met := range []bool{false, true} {
		for _, c := range sample.JudgedConditions(r) {
			if c.Met == met {
				lines = append(lines, lead+conditionWords(st, c))
				lead = style.Spaces(style.Width(lead))
			}
		}
	}
	if len(lines) == 0 {
		return []string{head}
	}
	return lines
}

// VerdictShort returns the card of a finished run in three lines of w columns.
func VerdictShort(st *style.Sheet, r *report.Report, w int) []string {
	parts := []string{headline(st, r)}
	conditions := sample.JudgedConditions(r)
	slices.SortStableFunc(conditions, func(a, b sample.Condition) int { return boolOrder(a.Met) - boolOrder(b.Met) })
	for _, c := range conditions {
		parts = append(parts, conditionWords(st, c))
	}
	if len(conditions) == 0 && len(r.Warnings) > 0 {
		parts = append(parts, st.Warn.Paint(st.Glyph("▲", "!")+" "+node.Clean(r.Warnings[0], 200)))
	}
	first := style.Joined(parts, st.Glyph("›", ">"), w)
	if r.Capacity != nil {
		return append(append([]string{first}, render.CertificateLines(r.Capacity)...), "", "")[:3]
	}
	return []string{style.Fill(first, w), style.Fill(percentiles(st, r, w)[0], w), style.Joined(countParts(st, r), st.Glyph("›", ">"), w)}
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

// percentiles are the latencies of the whole run, closer together or on as many lines of w columns as they need.
func percentiles(st *style.Sheet, r *report.Report, w int) []string {
	if lines := percentilesApart(st, r, w, 1); len(lines) == 1 && style.Width(lines[0])+4 > w {
		return lines
	}
	return percentilesApart(st, r, w, 2)
}

func percentilesApart(st *style.Sheet, r *report.Report, w, gap int) (lines []string) {
	line := ""
	for _, p := range []struct {
		name string
		us   int64
	}{{"p50", r.Latency.P50}, {"p90", r.Latency.P90}, {"p95", r.Latency.P95}, {"p99", r.Latency.P99}, {"max", r.Latency.Max}} {
		part := st.Dim.Paint(p.name+" ") + st.Bold.Paint(latency(float64(p.us)))
		switch {
		case line == "":
			line = part
		case style.Width(line)+gap+style.Width(part) > w:
			lines, line = append(lines, line), part
		default:
			line += style.Spaces(gap) + part
		}
	}
	return append(lines, line)
}

// counts returns the counts by result, two per line if they fit.
func counts(st *style.Sheet, r *report.Report, w int) (lines []string) {
	parts := countParts(st, r)
	for len(parts) > 0 {
		line := parts[0]
		parts = parts[1:]
		if len(parts) > 0 && style.Width(line) < w/2 && style.Width(parts[0]) <= w-w/2 {
			line = style.Fill(line, w/2) + parts[0]
			parts = parts[1:]
		}
		lines = append(lines, line)
	}
	return lines
}

func countParts(st *style.Sheet, r *report.Report) []string {
	part := func(name, value string, ink style.Pen) string { return st.Dim.Paint(name+" ") + ink.Paint(value) }
	rate := part("rate", figures.ShortRate(r.RateRPS), style.Pen{})
	if r.AskedRateRPS > 0 {
		rate += st.Dim.Paint(" of " + figures.Short(r.AskedRateRPS))
	}
	parts := []string{part("requests", figures.Count(r.Requests), style.Pen{}), rate, part("failed", figures.Count(r.Failed), badTone(r.Failed, st)),
		part("dropped", figures.Count(r.Dropped), tone(r.Dropped, st))}
	if r.Unknown > 0 {
		parts = append(parts, part("unknown", "up to "+figures.Count(r.Unknown), st.Warn))
	}
	if r.Lag.Max > 0 { // a closed loop has no schedule
		parts = append(parts, part("lag p99", figures.ShortMicros(float64(r.Lag.P99)), style.Pen{}))
	}
	for _, class := range slices.Sorted(maps.Keys(r.Errors)) {
		if n := r.Errors[class]; n > 0 {
			parts = append(parts, part(string(class)+" errors", figures.Count(n), st.Bad))
		}
	}
	if r.Unexpected > 0 {
		parts = append(parts, part("unexpected", figures.Count(r.Unexpected), st.Bad))
	}
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		parts = append(parts, part("status "+node.Clean(status, 4), figures.Count(r.Statuses[status]), style.Pen{}))
	}
	return parts
}

// histogramLines draws the latency distribution, in at most h lines of w columns.
func histogramLines(st *style.Sheet, hist *hdr.Histogram, w, h int) (lines []string) {
	if hist == nil || hist.Count() == 0 || h < 1 {
		return nil
	}
	const least = 3 // fewer bars tell nothing, unless they are all
	edges := spreadEdges(float64(hist.Min()), float64(hist.Quantile(.999)), max(h, least))
	if len(edges) > h {
		return nil
	}
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
			bar = sliverOf(st, share*float64(room))
		}
		lines = append(lines, st.Dim.Paint(style.RightCell("≤"+figures.ShortMicros(edge), 7))+" "+st.Answered.Paint(style.Fill(bar, style.Width(bar)))+" "+figures.Percent(float64(n-before), all))
		before = n
	}
	return lines
}

// sliverOf is a bar of that many cells, to an eighth of one; at least a sliver.
func sliverOf(st *style.Sheet, cells float64) string {
	eighths := max(1, int(cells*8+.5))
	if st.Ascii {
		return strings.Repeat("#", (eighths+7)/8)
	}
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// spreadEdges returns round values from low to high, at most n.
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
