package panel

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// total is a line of figures, or the reason of a failure, which may take several lines. If there is little room, the last of those with
// the highest need is dropped first.
type total struct {
	need      int
	text      string
	why       string // of a reason: the whole text
	shortened string // of a reason: without the address of the target, which is above
}

// RunTotals returns the figures of an active run in lines of w columns, at most h as far as the important ones fit. Reasons of failures are
// wrapped into the lines that remain.
func RunTotals(st *style.Sheet, r *sample.Run, w, h int) (lines []string) {
	list := totals(st, r, w)
	for len(list) > h {
		least := 0
		for i, t := range list {
			if t.need >= list[least].need {
				least = i
			}
		}
		if list[least].need == 0 {
			break
		}
		list = slices.Delete(list, least, least+1)
	}
	spare := h - len(list)
	for _, t := range list {
		if t.why == "" {
			lines = append(lines, t.text)
			continue
		}
		parts := style.Wrap(t.why, w-4)
		if len(parts)-1 > spare {
			parts = []string{style.Cell(t.shortened, w-4)}
		}
		spare -= len(parts) - 1
		for i, part := range parts {
			lines = append(lines, style.Spaces(2+2*min(i, 1))+st.Bad.Paint(part))
		}
	}
	return lines
}

// totals returns the figures of an active run: what went wrong first, then how it runs.
func totals(st *style.Sheet, r *sample.Run, w int) (list []total) {
	line := func(name, value string, p style.Pen) string {
		return style.Spread(st.Dim.Paint(style.Cell(name, min(style.Width(name), w-14))), p.Paint(value), w)
	}
	add := func(need int, lines ...string) {
		for _, text := range lines {
			list = append(list, total{need: need, text: text})
		}
	}
	plain, failed := style.Pen{}, figures.Count(r.FailedCount())
	if r.FailedCount() > 0 {
		failed += "  " + figures.Percent(float64(r.FailedCount()), float64(r.Total.Requests))
	}
	add(0, warningLines(st, r.Warnings(), w)...)
	add(3, line(sample.KindWord(r.Kind), style.Cell(r.Target, min(w-12, len(r.Target))), plain))
	add(0, line("requests", figures.Count(r.Total.Requests), plain))
	add(3, line("responses", figures.Count(r.Total.Responses), plain))
	add(0, line("failed", failed, badTone(r.FailedCount(), st)))
	if r.Total.Unexpected > 0 {
		add(1, line("  unexpected", figures.Count(r.Total.Unexpected), st.Bad))
	}
	for _, class := range loadgen.Classes {
		if n := r.Total.Errors[class]; n > 0 {
			add(1, line("  "+string(class)+" errors", figures.Count(n), st.Bad))
		}
	}
	list = append(list, reasons(r)...)
	add(0, line("dropped", figures.Count(r.Total.Dropped), tone(r.Total.Dropped, st)), line("in flight", figures.Count(r.Latest.InFlight), plain))
	list = append(list, userTotals(st, r.Users, line)...)
	statuses := slices.Sorted(maps.Keys(r.Total.Statuses))
	for _, s := range statuses[:min(len(statuses), 8)] {
		add(3, line("status "+node.Clean(s, 4), figures.Count(r.Total.Statuses[s]), plain))
	}
	if r.Kind == loadgen.Tsunami { // a closed loop has no schedule
		add(1, line("schedule lag p99", dash(r.Latest.Lag, figures.ShortMicros), plain))
	}
	if r.Phase != fleet.Refused && r.Phase != fleet.Configured {
		add(1, line("drivers", fmt.Sprintf("%d of %d", r.Holding, r.Drivers), plain), line("coverage", fmt.Sprintf("%.0f%%", 100*r.Coverage()), plain))
	}
	add(4, line("started by", style.Cell(r.By, min(len(r.By), 24)), plain))
	return list
}

// reasons returns why requests failed, the most frequent reasons first.
func reasons(r *sample.Run) (list []total) {
	for i, f := range r.Failures {
		lead := string(f.Class) + ": "
		if f.Count > 0 {
			lead = figures.Count(f.Count) + " " + lead
		}
		short := f.Why
		if where, why, found := strings.Cut(f.Why, ": "); found {
			if _, _, err := net.SplitHostPort(where); err == nil {
				short = why
			}
		}
		list = append(list, total{need: min(1+i, 3), why: node.Clean(lead+f.Why, 200), shortened: node.Clean(lead+short, 200)})
	}
	return list
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

// ArmingLines lists the drivers of a run that is being armed, in lines of w columns: which have answered, and why some refuse. Of a run that
// was refused, it says why.
func ArmingLines(st *style.Sheet, r *sample.Run, w int) (lines []string) {
	bad := func(text string) {
		for i, line := range style.Wrap(node.Clean(text, 400), w-2) {
			lead := "  "
			if i == 0 {
				lead = st.Glyph("✖", "x") + " "
			}
			lines = append(lines, st.Bad.Paint(lead+line))
		}
	}
	if r.Phase == fleet.Refused {
		bad("not started: " + r.StopWhy())
		return lines
	}
	var refusals []fleet.Refusal
	given := 0
	for _, a := range r.Answers {
		if a.Given {
			given++
		}
		if a.Refuse != "" {
			refusals = append(refusals, fleet.Refusal{NodeID: a.ID, Reason: a.Refuse})
		}
	}
	lines = []string{fmt.Sprintf("%d of %d drivers have answered", given, len(r.Answers)), ""}
	for _, text := range fleet.RefusalLines(refusals, len(r.Answers)) {
		bad(text)
	}
	for _, a := range r.Answers {
		switch {
		case a.Refuse != "":
		case a.Given:
			lines = append(lines, st.Good.Paint(st.Glyph("◆", "+"))+" "+a.ID+" armed")
		default:
			lines = append(lines, st.Dim.Paint(st.Glyph("○", "o")+" "+a.ID+" has not answered yet"))
		}
	}
	return lines
}

// userTotals returns the figures of a scenario's users.
func userTotals(st *style.Sheet, u *sample.Users, line func(name, value string, p style.Pen) string) (list []total) {
	if u == nil {
		return nil
	}
	plain := style.Pen{}
	for _, text := range []string{line("users", figures.Count(int64(u.Now)), plain), line("iterations", figures.Count(u.Iterations), plain), line("iterations failed", figures.Count(u.Failed), tone(u.Failed, st)),
		line("iteration p50, p95", dash(u.P50, figures.ShortMicros)+", "+dash(u.P95, figures.ShortMicros), plain)} {
		list = append(list, total{need: 2, text: text})
	}
	if all := u.ChecksPassed + u.ChecksFailed; all > 0 {
		list = append(list, total{need: 2, text: line("checks passed", figures.Percent(float64(u.ChecksPassed), float64(all)), tone(u.ChecksFailed, st))})
	}
	for _, f := range u.Failures {
		text := figures.Count(f.Count) + " " + node.Clean(f.Step+": "+f.Reason, 120)
		list = append(list, total{need: 2, why: text, shortened: text})
	}
	return list
}
