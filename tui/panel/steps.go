package panel

import (
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// StepsH is how many lines the table of steps wants, its frame among them; 0: there are none.
func StepsH(steps []sample.Step) int {
	if len(steps) == 0 {
		return 0
	}
	return len(steps) + 3
}

// Steps is a table of requests or steps, w by h in all: what became of each, how long its responses took and, where there are
// checks, how many failed.
func Steps(st *style.Sheet, title string, steps []sample.Step, w, h int) []string {
	inner, checks := w-4, false
	for _, s := range steps {
		checks = checks || s.ChecksPassed+s.ChecksFailed > 0
	}
	lines := []string{st.Faint.Paint(stepLine("", "requests", "failed", "p50", "p95", "p99", "checks", inner, checks))}
	for _, s := range steps {
		lines = append(lines, stepOf(st, s, inner, checks))
	}
	note := ""
	if room := h - 2; len(lines) > room {
		note = st.Dim.Paint(figures.Plural(int64(len(lines)-room), "more step"))
	}
	return st.Panel(title, note, lines, w, h)
}

func stepOf(st *style.Sheet, s sample.Step, w int, checks bool) string {
	failed := "0"
	if s.Failed > 0 {
		failed = figures.ShortPercent(float64(s.Failed), float64(s.Requests))
	}
	passed := ""
	if all := s.ChecksPassed + s.ChecksFailed; all > 0 {
		passed = st.Glyph("✓", "+") + " all"
		if s.ChecksFailed > 0 {
			passed = st.Glyph("✖", "x") + " " + figures.ShortPercent(float64(s.ChecksFailed), float64(all))
		}
	}
	time := func(us float64) string { return dash(us, figures.ShortMicros) }
	line := stepLine(s.Name, figures.Count(s.Requests), failed, time(s.P50), time(s.P95), time(s.P99), passed, w, checks)
	if s.Failed > 0 || s.ChecksFailed > 0 {
		return st.Bad.Paint(line)
	}
	return line
}

// stepLine is a line of the table; columns that w has no room for are left out.
func stepLine(name, requests, failed, p50, p95, p99, checks string, w int, checked bool) string {
	line := " " + style.RightCell(requests, 9) + " " + style.RightCell(failed, 6) + " " + style.RightCell(p50, 7)
	if w >= 52 {
		line += " " + style.RightCell(p95, 7)
	}
	line += " " + style.RightCell(p99, 7)
	if checked && w >= 60 {
		line += "  " + style.Cell(checks, 8)
	}
	return style.Cell(name, max(8, w-style.Width(line))) + line
}
