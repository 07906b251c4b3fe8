package tui

import (
	"fmt"
	"landfall/loadgen"
	"landfall/node"
	"landfall/node/figures"
	"sort"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// runTotals are the figures of an active run, in lines of w columns.
func runTotals(st *styles, r *runView, w int) []string {
	line := func(name, value string, p pen) string {
		return spread(st.dim.paint(cell(name, min(width(name), w-14))), p.paint(value), w)
	}
	var lines []string
	lines = append(lines, warningLines(st, r.limited, w)...)
	lines = append(lines, line(kindWord(r.kind), cell(r.target, min(w-12, len(r.target))), pen{}), line("requests", figures.Count(r.total.Requests), pen{}), line("responses", figures.Count(r.total.Responses), pen{}),
		line("dropped", figures.Count(r.total.Dropped), tone(r.total.Dropped, st)), line("unexpected", figures.Count(r.total.Unexpected), tone(r.total.Unexpected, st)))
	for _, class := range loadgen.Classes {
		if n := r.total.Errors[class]; n > 0 {
			lines = append(lines, line(string(class)+" errors", figures.Count(n), st.bad))
		}
	}
	for _, why := range r.failures {
		lines = append(lines, st.bad.paint(cell("  "+why, w)))
	}
	var statuses []string
	for s := range r.total.Statuses {
		statuses = append(statuses, s)
	}
	sort.Strings(statuses)
	for _, s := range statuses[:min(len(statuses), 8)] {
		lines = append(lines, line("status "+node.Clean(s, 4), figures.Count(r.total.Statuses[s]), pen{}))
	}
	lines = append(lines, line("schedule lag p99", dash(r.latest.lag, micro), pen{}), line("drivers", fmt.Sprintf("%d of %d", r.holding, r.drivers), pen{}),
		line("coverage", fmt.Sprintf("%.0f%%", 100*r.coverage()), pen{}), line("started by", cell(r.by, min(len(r.by), 24)), pen{}))
	return lines
}

// warningLines are warnings, each on as many lines as it needs.
func warningLines(st *styles, list []string, w int) (lines []string) {
	for _, why := range list {
		for i, part := range strings.Split(ansi.Wrap(node.Clean(why, 400), w-2, ""), "\n") {
			lead := st.glyph("▲", "!")
			if i > 0 {
				lead = " "
			}
			lines = append(lines, st.warn.paint(cell(lead+" "+part, w)))
		}
	}
	return lines
}

func tone(n int64, st *styles) pen {
	if n > 0 {
		return st.warn
	}
	return pen{}
}

func armingLines(st *styles, r *runView, h int) []string {
	given := 0
	for _, a := range r.answers {
		if a.given && a.refuse == "" {
			given++
		}
	}
	lines := []string{fmt.Sprintf("%d of %d drivers have answered", given, len(r.answers)), ""}
	for _, a := range r.answers {
		switch {
		case a.refuse != "":
			lines = append(lines, st.bad.paint(st.glyph("✖", "x"))+" "+node.Clean(a.id+" refuses: "+a.refuse, 200))
		case a.given:
			lines = append(lines, st.good.paint(st.glyph("◆", "+"))+" "+a.id+" armed")
		default:
			lines = append(lines, st.dim.paint(st.glyph("○", "o")+" "+a.id+" has not answered yet"))
		}
	}
	return lines
}
