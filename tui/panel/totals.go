package panel

import (
	"fmt"
	"sort"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// RunTotals returns the figures of an active run, in lines of w columns.
func RunTotals(st *style.Sheet, r *sample.Run, w int) []string {
	line := func(name, value string, p style.Pen) string {
		return style.Spread(st.Dim.Paint(style.Cell(name, min(style.Width(name), w-14))), p.Paint(value), w)
	}
	var lines []string
	lines = append(lines, warningLines(st, r.Warnings(), w)...)
	lines = append(lines, line(sample.KindWord(r.Kind), style.Cell(r.Target, min(w-12, len(r.Target))), style.Pen{}), line("requests", figures.Count(r.Total.Requests), style.Pen{}), line("responses", figures.Count(r.Total.Responses), style.Pen{}),
		line("dropped", figures.Count(r.Total.Dropped), tone(r.Total.Dropped, st)), line("in flight", figures.Count(r.Latest.InFlight), style.Pen{}), line("unexpected", figures.Count(r.Total.Unexpected), badTone(r.Total.Unexpected, st)))
	lines = append(lines, userLines(st, r.Users, line)...)
	for _, class := range loadgen.Classes {
		if n := r.Total.Errors[class]; n > 0 {
			lines = append(lines, line(string(class)+" errors", figures.Count(n), st.Bad))
		}
	}
	for _, f := range r.Failures {
		why := string(f.Class) + ": " + f.Why
		if f.Count > 0 {
			why = figures.Count(f.Count) + " " + why
		}
		lines = append(lines, st.Bad.Paint(style.Cell("  "+why, w)))
	}
	var statuses []string
	for s := range r.Total.Statuses {
		statuses = append(statuses, s)
	}
	sort.Strings(statuses)
	for _, s := range statuses[:min(len(statuses), 8)] {
		lines = append(lines, line("status "+node.Clean(s, 4), figures.Count(r.Total.Statuses[s]), style.Pen{}))
	}
	if r.Kind == loadgen.Tsunami { // a closed loop has no schedule
		lines = append(lines, line("schedule lag p99", dash(r.Latest.Lag, figures.ShortMicros), style.Pen{}))
	}
	lines = append(lines, line("drivers", fmt.Sprintf("%d of %d", r.Holding, r.Drivers), style.Pen{}),
		line("coverage", fmt.Sprintf("%.0f%%", 100*r.Coverage()), style.Pen{}), line("started by", style.Cell(r.By, min(len(r.By), 24)), style.Pen{}))
	return lines
}

// warningLines returns warnings, each on as many lines as it needs.
func warningLines(st *style.Sheet, list []string, w int) (lines []string) {
	for _, why := range list {
		for i, part := range strings.Split(ansi.Wrap(node.Clean(why, 400), w-2, ""), "\n") {
			lead := st.Glyph("▲", "!")
			if i > 0 {
				lead = " "
			}
			lines = append(lines, st.Warn.Paint(style.Cell(lead+" "+part, w)))
		}
	}
	return lines
}

func tone(n int64, st *style.Sheet) style.Pen {
	if n > 0 {
		return st.Warn
	}
	return style.Pen{}
}

// badTone returns the colour of a number of failures.
func badTone(n int64, st *style.Sheet) style.Pen {
	if n > 0 {
		return st.Bad
	}
	return style.Pen{}
}

// ArmingLines lists the drivers of a run that is being armed: which have answered, and why some refuse.
func ArmingLines(st *style.Sheet, r *sample.Run, h int) []string {
	given := 0
	for _, a := range r.Answers {
		if a.Given && a.Refuse == "" {
			given++
		}
	}
	lines := []string{fmt.Sprintf("%d of %d drivers have answered", given, len(r.Answers)), ""}
	for _, a := range r.Answers {
		switch {
		case a.Refuse != "":
			lines = append(lines, st.Bad.Paint(st.Glyph("✖", "x"))+" "+node.Clean(a.ID+" refuses: "+a.Refuse, 200))
		case a.Given:
			lines = append(lines, st.Good.Paint(st.Glyph("◆", "+"))+" "+a.ID+" armed")
		default:
			lines = append(lines, st.Dim.Paint(st.Glyph("○", "o")+" "+a.ID+" has not answered yet"))
		}
	}
	return lines
}

// userLines returns the figures of a scenario's users.
func userLines(st *style.Sheet, u *sample.Users, line func(name, value string, p style.Pen) string) []string {
	if u == nil {
		return nil
	}
	plain := style.Pen{}
	lines := []string{line("users", figures.Count(int64(u.Now)), plain), line("iterations", figures.Count(u.Iterations), plain), line("iterations failed", figures.Count(u.Failed), tone(u.Failed, st)),
		line("iteration p50, p95", dash(u.P50, figures.ShortMicros)+", "+dash(u.P95, figures.ShortMicros), plain)}
	if all := u.ChecksPassed + u.ChecksFailed; all > 0 {
		lines = append(lines, line("checks passed", figures.Percent(float64(u.ChecksPassed), float64(all)), tone(u.ChecksFailed, st)))
	}
	for _, f := range u.Failures {
		lines = append(lines, st.Bad.Paint("  "+figures.Count(f.Count)+" "+node.Clean(f.Step+": "+f.Reason, 120)))
	}
	return lines
}
