package tui

import (
	"fmt"
	"time"

	"landfall/node/figures"
	"landfall/node/fleet"
)

// historyPanel is the runs that there were: which one is selected, and what is known of them.
type historyPanel struct {
	at     int // the selected run
	past   map[string]pastRun
	picked *pastRun // the selected run with its charts, once they were read; nil before
	asked  string   // the run that is read for that
	began  bool     // whether there was something to begin with
	judged string   // the run whose report was read last because it is the one that is looked at
}

func (p *historyPanel) settle(s sample) { p.at = max(0, min(p.at, len(s.runs)-1)) }

func (p *historyPanel) move(s *sample, n int) { p.at = max(0, min(p.at+n, len(s.runs)-1)) }

// selected is the run at the cursor; nil: there is none.
func (p *historyPanel) selected(s *sample) *runRow {
	if p.at >= len(s.runs) {
		return nil
	}
	return &s.runs[p.at]
}

// lines is the panel as a page. base is the run that others are drawn over.
func (p *historyPanel) lines(v *display, base *pastRun, w, h int) []string {
	inner := w - 4
	lines := []string{v.st.faint.paint(historyLine(historyCells{"run", "when", "outcome", "lasted", "requests", "failed", "rate", "p99", "target"}, inner))}
	rows := max(1, h-3)
	top := p.first(&v.s, h)
	for i := top; i < min(top+rows, len(v.s.runs)); i++ {
		r := v.s.runs[i]
		line := historyLine(p.cells(v, r), inner)[2:]
		mark := " "
		if base != nil && base.id == r.id {
			mark = v.st.glyph("◆", "b")
		}
		if i == p.at {
			line = v.st.selected.paint(fill(v.st.glyph("▸", ">")+mark+line, inner))
		} else {
			line = " " + mark + line
		}
		lines = append(lines, line)
	}
	if len(v.s.runs) == 0 {
		lines = append(lines, "", v.st.dim.paint("  No runs yet: A composes an Avalanche, T a Tsunami."))
	}
	return v.st.panel("History", v.st.dim.paint(fmt.Sprint(len(v.s.runs))), lines, w, h)
}

// first is the first run that a history h lines high shows.
func (p *historyPanel) first(s *sample, h int) int {
	rows := max(1, h-3)
	return max(0, min(p.at-rows/2, len(s.runs)-rows))
}

// historyCells are one line of the history.
type historyCells struct{ id, when, outcome, lasted, requests, failed, rate, p99, target string }

func historyLine(c historyCells, w int) string {
	line := "   " + cell(c.id, 28) + " " + cell(c.outcome, 13) + " " + rightCell(c.rate, 7) + " " + rightCell(c.p99, 7)
	if w >= 84 {
		line += " " + rightCell(c.lasted, 8) + " " + rightCell(c.failed, 8)
	}
	if w >= 134 {
		line += " " + rightCell(c.requests, 13) + "  " + cell(c.when, 14)
	} else if w >= 70 {
		line += "  " + cell(c.when, 8)
	}
	if room := w - width(line) - 2; room >= 12 {
		line += "  " + cell(c.target, room)
	}
	return line
}

// startsWithin is how long after its configuration a run is started, if it is.
const startsWithin = 15 * time.Second

func (p *historyPanel) cells(v *display, r runRow) historyCells {
	phase := string(r.phase)
	if r.phase == fleet.Configured && v.s.now.Sub(r.at) > startsWithin {
		phase = "not started"
	}
	c := historyCells{id: r.id, outcome: phase, target: r.target, when: r.at.Local().Format("02 Jan 15:04")}
	if past, known := p.past[r.id]; known && past.outcome != "" {
		c.outcome, c.lasted, c.requests = outcomeText(v.st, past.outcome), clock(past.lasted), figures.Count(past.requests)
		c.failed, c.rate, c.p99 = figures.Count(past.failed), perSecond(past.rate), micro(past.p99)
	}
	if v.w < 138 {
		c.when = r.at.Local().Format("15:04:05")
	}
	return c
}

func outcomeText(st *styles, outcome string) string { return outcomeSign(st, outcome) + " " + outcome }

func outcomeSign(st *styles, outcome string) string {
	switch outcome {
	case "passed":
		return st.glyph("✓", "+")
	case "finished", "running":
		return st.glyph("●", "*")
	case "failed", "aborted":
		return st.glyph("✖", "x")
	}
	return st.glyph("◆", "-")
}

func outcomePen(st *styles, outcome string) pen {
	switch outcome {
	case "passed":
		return st.good
	case "failed", "aborted":
		return st.bad
	case "finished", "running":
		return st.accent
	}
	return st.warn
}

// short is the newest runs in a few lines: when, how they ended, and their two main figures.
func (p *historyPanel) short(v *display, w, h int) []string {
	var lines []string
	for _, r := range v.s.runs[:min(len(v.s.runs), max(h, 0))] {
		past := p.past[r.id]
		sign := " "
		if past.outcome != "" {
			sign = outcomePen(v.st, past.outcome).paint(outcomeSign(v.st, past.outcome))
		}
		told := ""
		if past.outcome != "" {
			told = perSecond(past.rate) + " " + rightCell(micro(past.p99), 7)
		}
		lines = append(lines, spread(v.st.dim.paint(r.at.Local().Format("15:04"))+" "+sign+" "+cell(v.shortID(r.id), 14), told, w))
	}
	return lines
}

// pastLine is a past run in the header.
func pastLine(st *styles, p *pastRun) string {
	return st.bold.paint(p.id) + "  " + outcomePen(st, p.outcome).paint(outcomeText(st, p.outcome)) + "  " + clock(p.lasted) + "  " + perSecond(p.rate) + "  p99 " + micro(p.p99) + st.dim.paint("  esc: back to now")
}
