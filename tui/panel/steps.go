package panel

import (
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// StepsH returns the height of the table of steps, including its frame; 0: there are none.
func StepsH(steps []sample.Step) int {
	if len(steps) == 0 {
		return 0
	}
	return len(steps) + 3
}

// Steps draws a table of requests or steps, w by h in all: counts, latencies and, if there are checks, failed checks of each. Scenarios,
// with their numbers of users, are above their steps.
func Steps(st *style.Sheet, title string, steps []sample.Step, w, h int) []string {
	inner, checks := w-4, false
	for _, s := range steps {
		checks = checks || s.ChecksPassed+s.ChecksFailed > 0 || s.Scenario
	}
	lines := []string{st.Faint.Paint(stepLine(stepCells{"", "requests", "failed", "p50", "p95", "p99", "checks"}, inner, checks, style.Pen{}, style.Pen{}))}
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
	failed, ink := "0", style.Pen{}
	if s.Failed > 0 {
		failed, ink = figures.Percent(float64(s.Failed), float64(s.Requests)), st.Bad
	}
	passed, checked := "", style.Pen{}
	if all := s.ChecksPassed + s.ChecksFailed; all > 0 {
		passed = st.Glyph("✓", "+") + " all"
		if s.ChecksFailed > 0 {
			passed, checked = st.Glyph("✖", "x")+" "+figures.Percent(float64(s.ChecksFailed), float64(all)), st.Bad
		}
	}
	if s.Scenario {
		passed = figures.Short(float64(s.Users)) + " users"
		if s.Users == 1 {
			passed = "1 user"
		}
	}
	time := latency
	return stepLine(stepCells{s.Name, figures.Count(s.Requests), failed, time(s.P50), time(s.P95), time(s.P99), passed}, w, checks, ink, checked)
}

// stepName is the maximum width of the column of names: figures far from their names are hard to read.
const stepName = 48

// stepCells returns the cells of a line of the table.
type stepCells struct{ name, requests, failed, p50, p95, p99, checks string }

// stepLine renders a line of the table, with colours for failures and checks; columns that do not fit are omitted.
func stepLine(c stepCells, w int, checked bool, failed, checks style.Pen) string {
	line := " " + style.RightCell(c.requests, 9) + " " + failed.Paint(style.RightCell(c.failed, 6)) + " " + style.RightCell(c.p50, 7)
	if w >= 52 {
		line += " " + style.RightCell(c.p95, 7)
	}
	line += " " + style.RightCell(c.p99, 7)
	if checked && w >= 63 {
		line += "  " + checks.Paint(style.Cell(c.checks, 11))
	}
	return style.Cell(c.name, min(max(8, w-style.Width(line)), stepName)) + line
}
