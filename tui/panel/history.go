package panel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// History is the list of past runs: the selection, and what is known of each run.
type History struct {
	Filter   sample.Words
	All      []sample.Listed // all runs, regardless of the filter
	Compared string          // the first of two runs to compare; "": none
	At       int             // the selected run
	Past     map[string]Past
	Picked   *Past  // the selected run with its charts; nil until they are read
	Asked    string // the run being read for Picked
	Began    bool   // a run has been shown since the console started
	Ended    *Past  // the shown run with its charts, once it has ended; nil until its report was read
	Judged   string // the shown run whose outcome was read last, and whether it had a report
}

// Settle keeps the selection within the list.
func (p *History) Settle(s sample.Sample) { p.At = max(0, min(p.At, len(s.Runs)-1)) }

// Narrow leaves in the sample only runs that match the filter: in id, name, target, operator, kind or outcome.
func (p *History) Narrow(s *sample.Sample) {
	if p.All = s.Runs; p.Filter == "" {
		return
	}
	s.Runs = slices.DeleteFunc(slices.Clone(s.Runs), func(r sample.Listed) bool {
		return !p.Filter.In(r.ID, r.Name, r.Target, r.By, r.Kind, cmp.Or(p.Past[r.ID].Outcome, string(r.Phase)))
	})
}

// Move moves the selection by n runs.
func (p *History) Move(s *sample.Sample, n int) { p.At = max(0, min(p.At+n, len(s.Runs)-1)) }

// Selected returns the run at the cursor; nil: there is none.
func (p *History) Selected(s *sample.Sample) *sample.Listed {
	if p.At >= len(s.Runs) {
		return nil
	}
	return &s.Runs[p.At]
}

// Lines is the panel as a page. base is the run that others are drawn over.
func (p *History) Lines(v *Display, base *Past, w, h int) []string {
	inner := w - 4
	lines := []string{v.Style.Faint.Paint(historyLine(historyCells{"run", "when", "outcome", "lasted", "requests", "failed", "rate", "p99", "name, target", "trend", style.Pen{}}, inner))}
	rows := max(1, h-3)
	top := p.First(&v.Sample, h)
	for i := top; i < min(top+rows, len(v.Sample.Runs)); i++ {
		r := v.Sample.Runs[i]
		line := historyLine(p.cells(v, r), inner)[2:]
		mark := " "
		if p.Compared == r.ID {
			mark = v.Style.Glyph("◇", "c")
		}
		if base != nil && base.ID == r.ID {
			mark = v.Style.Glyph("◆", "b")
		}
		if i == p.At {
			line = v.Style.Selected.Paint(style.Fill(v.Style.Glyph("▸", ">")+mark+ansi.Strip(line), inner))
		} else {
			line = " " + mark + line
		}
		lines = append(lines, line)
	}
	title := "History"
	if p.Filter != "" {
		title = fmt.Sprintf("History  %d of %d match %s", len(v.Sample.Runs), len(p.All), node.Clean(string(p.Filter), 80))
	}
	if len(v.Sample.Runs) == 0 && p.Filter != "" {
		lines = append(lines, "", v.Style.Dim.Paint("  no run matches "+node.Clean(string(p.Filter), 80)))
	} else if len(v.Sample.Runs) == 0 {
		lines = append(lines, "", v.Style.Dim.Paint("  No runs yet: A composes an Avalanche, T a Tsunami."))
	}
	if r := p.Selected(&v.Sample); r != nil && inner < historyWide && len(lines) <= h-2-historyNote {
		lines = append(style.Block(lines, inner, h-2-historyNote), v.Style.Rule.Paint(strings.Repeat(v.Style.Glyph("─", "-"), inner)))
		lines = append(lines, style.Wrap(p.note(v, *r), inner)...)
	}
	return v.Style.Panel(title, v.Style.Dim.Paint(fmt.Sprint(len(v.Sample.Runs))), lines, w, h)
}

const (
	historyWide = 84 // minimum width of a list with all columns
	historyNote = 3  // lines for what a narrower list omits, including a rule
)

// note returns the values of a run that a narrow list omits.
func (p *History) note(v *Display, r sample.Listed) string {
	st, c := v.Style, p.cells(v, r)
	parts := []string{st.Dim.Paint("target ") + node.Clean(r.Target, 200)}
	if r.Name != "" {
		parts = append([]string{st.Dim.Paint("name ") + node.Clean(r.Name, 120)}, parts...)
	}
	if c.lasted != "" {
		parts = append(parts, st.Dim.Paint("lasted ")+c.lasted, st.Dim.Paint("requests ")+c.requests, st.Dim.Paint("failed ")+c.failed)
	}
	return strings.Join(parts, "  ")
}

// First returns the index of the first visible run of a history h lines high.
func (p *History) First(s *sample.Sample, h int) int {
	rows := max(1, h-3)
	return max(0, min(p.At-rows/2, len(s.Runs)-rows))
}

// historyCells returns the cells of a run.
type historyCells struct {
	id, when, outcome, lasted, requests, failed, rate, p99, target, trend string
	pen                                                                   style.Pen // of the outcome
}

// trendW is the width of a run's trend.
const trendW = 16

// spark draws the trend of a run's rate over w columns.
func spark(st *style.Sheet, trend []float64, w int) string {
	n, top := 2*w, 0.0
	if st.Ascii {
		n = w
	}
	values := make([]float64, 0, n)
	for i := 0; i < n && len(trend) > 0; i++ {
		from := i * len(trend) / n
		part := trend[from:max(from+1, (i+1)*len(trend)/n)]
		mean := 0.0
		for _, v := range part {
			mean += v / float64(len(part))
		}
		values = append(values, mean)
		if mean > top {
			top = mean
		}
	}
	return chart.Spark(st, values, w, top*1.5) // a constant line is below the top
}

func historyLine(c historyCells, w int) string {
	line := "   " + style.Cell(c.id, 28) + " " + c.pen.Paint(style.Cell(c.outcome, 13)) + " " + style.RightCell(c.rate, 7) + " " + style.RightCell(c.p99, 7)
	if w >= historyWide {
		line += " " + style.RightCell(c.lasted, 8) + " " + style.RightCell(c.failed, 8)
	}
	if w >= 134 {
		line += " " + style.RightCell(c.requests, 13) + "  " + style.Cell(c.when, 14)
	} else if w >= 70 {
		line += "  " + style.Cell(c.when, 8)
	}
	if w >= 160 {
		line += "  " + style.Fill(c.trend, trendW)
	}
	if room := w - style.Width(line) - 2; room >= 12 {
		line += "  " + style.Cell(c.target, room)
	}
	return line
}

// startsWithin is the maximum time between a run's configuration and its start.
const startsWithin = 15 * time.Second

func (p *History) cells(v *Display, r sample.Listed) historyCells {
	phase, pen := string(r.Phase), style.Pen{}
	if r.Phase == fleet.Configured && v.Sample.Now.Sub(r.At) > startsWithin {
		phase = "not started"
	}
	if r.Phase == fleet.Refused {
		phase, pen = outcomeText(v.Style, "refused"), OutcomePen(v.Style, "refused")
	}
	active := r.ID == v.Sample.Active
	if active {
		phase, pen = outcomeText(v.Style, "running"), OutcomePen(v.Style, "running")
	}
	c := historyCells{pen: pen, id: r.ID, outcome: phase, target: strings.TrimPrefix(r.Target, "http://"), when: r.At.Local().Format("02 Jan 15:04")}
	if past, known := p.Past[r.ID]; known && past.Outcome != "" {
		c.outcome, c.lasted, c.requests = past.word(v.Style), figures.ShortClock(past.Lasted), figures.Count(past.requests)
		c.pen, c.trend = past.pen(v.Style), spark(v.Style, past.trend, trendW)
		c.failed, c.rate, c.p99 = figures.Count(past.failed), figures.ShortRate(past.rate), latency(past.p99)
	}
	if run := v.Sample.Run; active && run != nil && run.ID == r.ID && !run.T0.IsZero() {
		c.lasted, c.requests, c.failed, c.rate, c.p99 = figures.ShortClock(run.Elapsed), figures.Count(run.Total.Requests), figures.Count(run.FailedCount()), figures.ShortRate(run.Mean()), dash(run.Whole.P99, figures.ShortMicros)
	}
	if r.Name != "" {
		c.target = r.Name + v.Style.Glyph(" · ", " - ") + c.target
	}
	if v.W < 138 {
		c.when = r.At.Local().Format("15:04:05")
	}
	return c
}

func outcomeText(st *style.Sheet, outcome string) string {
	return OutcomeSign(st, outcome) + " " + outcome
}

// OutcomeSign returns the sign of an outcome.
func OutcomeSign(st *style.Sheet, outcome string) string {
	switch outcome {
	case "passed":
		return st.Glyph("✓", "+")
	case "finished", "running":
		return st.Glyph("●", "*")
	case "failed", "aborted", "refused":
		return st.Glyph("✖", "x")
	}
	return st.Glyph("◆", "-")
}

// OutcomePen returns the colour of an outcome.
func OutcomePen(st *style.Sheet, outcome string) style.Pen {
	switch outcome {
	case "passed":
		return st.Good
	case "failed", "aborted", "refused":
		return st.Bad
	case "finished", "running":
		return st.Accent
	}
	return st.Warn
}

// shortTrend is the width from which on the list of the newest runs has trends.
const shortTrend = 48

// Short lists the newest runs: time, outcome, rate over the run if there is room, rate and p99.
func (p *History) Short(v *Display, w, h int) []string {
	var lines []string
	for _, r := range v.Sample.Runs[:min(len(v.Sample.Runs), max(h, 0))] {
		past := p.Past[r.ID]
		sign := " "
		if r.ID == v.Sample.Active {
			sign = OutcomePen(v.Style, "running").Paint(OutcomeSign(v.Style, "running"))
		}
		if past.Outcome != "" {
			sign = past.pen(v.Style).Paint(past.sign(v.Style))
		}
		figuresText := ""
		if past.Outcome != "" {
			figuresText = figures.ShortRate(past.rate) + " " + style.RightCell(latency(past.p99), 7)
			if w >= shortTrend {
				figuresText = spark(v.Style, past.trend, trendW/2) + " " + style.RightCell(figures.ShortRate(past.rate), 7) + " " + style.RightCell(latency(past.p99), 7)
			}
		}
		lines = append(lines, style.Spread(v.Style.Dim.Paint(r.At.Local().Format("15:04"))+" "+sign+" "+style.Cell(cmp.Or(r.Name, v.ShortID(r.ID)), 14), figuresText, w))
	}
	return lines
}

// PastLine describes a past run in the header, in at most w columns. Figures that do not fit are omitted, the key to go back is not.
func (v *Display) PastLine(p *Past, w int) string {
	st, back := v.Style, v.Style.Dim.Paint("  esc: back to now")
	id := p.ID
	if v.W < 110 {
		id = v.ShortID(id)
	}
	line := st.Bold.Paint(id)
	rate := figures.ShortRate(p.rate)
	if p.found() { // the headline has it
		rate = ""
	}
	for _, part := range []string{p.Headline(st) + st.Dim.Paint(" "+figures.ShortClock(p.Lasted)), rate, "p99 " + latency(p.p99)} {
		if part == "" {
			continue
		}
		if style.Width(line)+2+style.Width(part)+style.Width(back) <= w {
			line += "  " + part
		}
	}
	return line + back
}
