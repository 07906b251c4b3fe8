package panel

import (
	"fmt"
	"strings"

	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/tui/chart"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// tableColumn is one column of the driver table. Columns with a higher need are dropped first.
type tableColumn struct {
	by    sample.Column // columns: cannot be sorted by
	title string
	width int
	right bool
	need  int
	text  func(v *Display, r sample.Driver) (string, style.Pen)
}

// TrendW is the length of a driver's trend.
const TrendW = 60 // seconds

// Drivers is the table of drivers: what is visible, and which drivers are marked.
type Drivers struct {
	sample.DriverQuery
	Marked   map[string]bool
	held     bool   // a driver stays selected wherever the list moves it; before, the first one of the list is selected
	JoinHint string // the command with which a driver joins
}

// Settle stores how the sample resolved the query.
func (p *Drivers) Settle(s sample.Sample) {
	if p.Cursor, p.Index, p.Top, p.ByIndex = s.Cursor, s.Index, s.Top, false; !p.held {
		p.Cursor, p.Index, p.Top = "", 0, 0
	}
}

// Hold keeps the selected driver selected, wherever the list moves it.
func (p *Drivers) Hold(s *sample.Sample) { p.held, p.Cursor = true, s.Cursor }

// Move moves the selection by n drivers.
func (p *Drivers) Move(s *sample.Sample, n int) {
	p.Index, p.ByIndex = max(0, min(s.Index+n, s.Matched-1)), true
	s.Index, p.held = p.Index, true
}

// driverColumns are all columns. The width of trends and labels depends on their content.
func driverColumns(trend, labels int, p99 bool) []tableColumn {
	title := "rate 60s"
	if p99 {
		title = "p99 60s"
	}
	if trend < len(title) {
		title = "60s"
	}
	return []tableColumn{
		{by: sample.ByState, title: "state", width: 10, need: 0, text: (*Display).stateCell},
		{by: sample.ByAge, title: "age", width: 5, right: true, need: 4, text: func(v *Display, r sample.Driver) (string, style.Pen) { return figures.Age(r.Age), v.Style.Dim }},
		{by: sample.ByRate, title: "rate", width: 7, right: true, need: 0, text: func(v *Display, r sample.Driver) (string, style.Pen) {
			if r.Sends() {
				return figures.ShortRate(r.Rate), style.Pen{}
			}
			return dash(r.Rate*r.Fresh(), figures.ShortRate), style.Pen{}
		}},
		{by: sample.ByP99, title: "p99", width: 7, right: true, need: 0, text: func(v *Display, r sample.Driver) (string, style.Pen) {
			return dash(r.P99*r.Fresh(), figures.ShortMicros), style.Pen{}
		}},
		{by: sample.ByCPU, title: "CPU", width: 5, right: true, need: 2, text: (*Display).cpuCell},
		{by: sample.ByFailed, title: "failed", width: 7, right: true, need: 1, text: (*Display).failedCell},
		{by: sample.Columns, title: title, width: trend, right: true, need: 1, text: func(v *Display, r sample.Driver) (string, style.Pen) {
			_, ink := v.stateCell(r)
			return chart.Spark(v.Style, r.Trend, trend, v.Sample.TrendTop), ink
		}},
		{by: sample.ByHost, title: "host", width: 16, need: 5, text: func(v *Display, r sample.Driver) (string, style.Pen) { return r.Host, v.Style.Dim }},
		{by: sample.ByLabels, title: "labels", width: labels, need: 3, text: func(v *Display, r sample.Driver) (string, style.Pen) { return r.Labels, v.Style.Dim }},
		{by: sample.ByVersion, title: "version", width: 12, need: 6, text: func(v *Display, r sample.Driver) (string, style.Pen) { return r.Version, v.Style.Dim }},
	}
}

func dash(v float64, text func(float64) string) string {
	if v == 0 {
		return "–"
	}
	return text(v)
}

// latency formats a percentile, or a dash if there were no responses.
func latency(us float64) string { return dash(us, figures.ShortMicros) }

// stateCell returns symbol and word of the state: the liveness if it is a problem, otherwise the driver's own state.
func (v *Display) stateCell(r sample.Driver) (string, style.Pen) {
	st := v.Style
	switch r.Live {
	case fleet.Late:
		return st.Glyph("▲", "!") + " late", st.Warn
	case fleet.Lost:
		return st.Glyph("✖", "x") + " lost", st.Bad
	case fleet.Left:
		return st.Glyph("○", "o") + " left", st.Faint
	case fleet.Killed:
		return st.Glyph("✖", "x") + " killed", st.Warn
	}
	if r.NoShare {
		return st.Glyph("○", "o") + " no share", st.Dim
	}
	switch r.State {
	case node.Running:
		return st.Glyph("●", "*") + " running", st.Good
	case node.Armed:
		return st.Glyph("◆", "+") + " armed", st.Accent
	case node.Paused:
		return st.Glyph("‖", "=") + " paused", st.Warn
	case node.Draining:
		return st.Glyph("▽", "v") + " draining", st.Warn
	}
	return st.Glyph("○", "o") + " " + string(r.State), st.Dim
}

func (v *Display) cpuCell(r sample.Driver) (string, style.Pen) {
	if r.Fresh() == 0 {
		return "–", style.Pen{}
	}
	text := fmt.Sprintf("%.0f%%", 100*r.Cpu)
	if r.Cores > 0 && r.Cpu > 0.85*r.Cores {
		return text, v.Style.Warn
	}
	return text, style.Pen{}
}

// failedCell formats the percentage of the driver's requests in this run that failed.
func (v *Display) failedCell(r sample.Driver) (string, style.Pen) {
	if r.Failed == 0 {
		return "0", v.Style.Dim
	}
	return figures.Percent(float64(r.Failed), float64(r.Requests)), v.Style.Bad
}

// The widths of trends and labels, in columns.
const (
	leastTrend = 7 // where it would be dropped
	minTrend   = 8
	maxTrend   = 30
	minLabels  = 6
	maxLabels  = 22
)

// fitting returns the columns that fit into w, beside names of up to longest columns and labels of up to labels columns. The trend gets the
// remaining width.
func fitting(w, longest, labels int, p99 bool) (list []tableColumn, name int) {
	trend := min(max(w/5, minTrend), maxTrend)
	least, most := max(6, min(longest, 20)), max(6, min(longest, 40))
	for need := 6; need >= 0; need-- {
		list, name = needed(need, w, trend, labels, p99)
		if name < least && need == 1 { // a shorter trend is better than none
			list, name = needed(need, w, leastTrend, labels, p99)
		}
		if name < least && need > 0 {
			continue
		}
		if spare := min(name-most, maxTrend-trend); spare > 0 {
			list, name = needed(need, w, trend+spare, labels, p99)
		}
		break
	}
	return list, max(1, min(name, most))
}

// needed returns the columns of at most that need, and the remaining width for names.
func needed(need, w, trend, labels int, p99 bool) (list []tableColumn, name int) {
	name = w - 2
	for _, c := range driverColumns(trend, min(max(labels, minLabels), maxLabels), p99) {
		if c.need <= need && (c.by != sample.ByLabels || labels > 0) {
			list = append(list, c)
			name -= c.width + 1
		}
	}
	return list, name
}

// Lines returns a heading and the rows, h lines in all.
func (p *Drivers) Lines(v *Display, w, h int) []string {
	if v.Sample.Total == 0 {
		return style.Block(p.Empty(v), w, h)
	}
	cols, name := fitting(w, v.Sample.Longest, v.Sample.LongestLabels, p.TrendP99)
	lines := []string{p.headRow(v, cols, name)}
	for i, r := range v.Sample.Rows {
		lines = append(lines, p.line(v, r, cols, name, v.Sample.Top+i == v.Sample.Index, w))
	}
	if v.Sample.Matched == 0 {
		lines = append(lines, v.Style.Dim.Paint("no driver matches "+style.Cell(string(p.Filter), 40)))
	}
	return style.Block(lines, w, h)
}

func (p *Drivers) headRow(v *Display, cols []tableColumn, name int) string {
	var b strings.Builder
	b.WriteString("  " + p.headCell(v, sample.ByName, "name", name, false))
	for _, c := range cols {
		b.WriteString(" " + p.headCell(v, c.by, c.title, c.width, c.right))
	}
	return b.String()
}

func (p *Drivers) headCell(v *Display, by sample.Column, title string, w int, right bool) string {
	ink := v.Style.Faint
	if by == p.By && by != sample.Columns {
		ink = v.Style.Accent
		arrow := "↓"
		if p.Reversed {
			arrow = "↑"
		}
		title += v.Style.Glyph(arrow, map[string]string{"↓": " v", "↑": " ^"}[arrow])
	}
	if right {
		return ink.Paint(style.RightCell(title, w))
	}
	return ink.Paint(style.Cell(title, w))
}

func (p *Drivers) line(v *Display, r sample.Driver, cols []tableColumn, name int, selected bool, w int) string {
	lead := " "
	if selected {
		lead = v.Style.Glyph("▸", ">")
	}
	if p.Marked[r.ID] {
		lead += v.Style.Glyph("✓", "#")
	} else {
		lead += " "
	}
	paint := style.Pen.Paint
	if selected {
		paint = v.onSelection
	}
	var b strings.Builder
	b.WriteString(paint(style.Pen{}, lead+style.Cell(r.ID, name)))
	for _, c := range cols {
		text, ink := c.text(v, r)
		if c.right {
			text = style.RightCell(text, c.width)
		} else {
			text = style.Cell(text, c.width)
		}
		b.WriteString(paint(style.Pen{}, " ") + paint(ink, text))
	}
	if selected {
		b.WriteString(paint(style.Pen{}, style.Spaces(w-style.Width(b.String()))))
	}
	return style.Fill(b.String(), w)
}

// onSelection paints a cell of the selected row: states and failures keep their colours, what is faint elsewhere is as legible as the rest.
func (v *Display) onSelection(ink style.Pen, text string) string {
	st := v.Style
	if ink != st.Good && ink != st.Warn && ink != st.Bad && ink != st.Accent {
		ink = style.Pen{}
	}
	return st.Selected.Over(ink, text)
}

// Empty explains how the first driver joins.
func (p *Drivers) Empty(v *Display) []string {
	lines := []string{"", v.Style.Bold.Paint("No drivers yet."), "", v.Style.Dim.Paint("A driver joins with:"), ""}
	hint := p.JoinHint
	if hint == "" {
		hint = "landfall driver"
	}
	return append(lines, "  "+v.Style.Accent.Paint(hint), "", v.Style.Dim.Paint("It may load only this machine unless --allow-target says more."))
}

// Note returns the number of drivers, or which of them are visible, and how many are hidden because they have left.
func (p *Drivers) Note(v *Display) string {
	note := fmt.Sprint(v.Sample.Matched)
	if v.Sample.Matched > len(v.Sample.Rows) {
		note = fmt.Sprintf("%d–%d of %d", v.Sample.Top+1, v.Sample.Top+len(v.Sample.Rows), v.Sample.Matched)
	}
	if v.Sample.Hidden > 0 {
		note += fmt.Sprintf(", %d gone: L shows", v.Sample.Hidden)
	}
	return v.Style.Dim.Paint(note)
}

// Sort sorts by the column of a name, or by the next one.
func (p *Drivers) Sort(name string) error {
	if name == "" {
		p.By, p.Reversed = (p.By+1)%sample.Columns, false
		return nil
	}
	for i, known := range sample.ColumnNames {
		if strings.EqualFold(known, name) {
			p.By, p.Reversed = sample.Column(i), false
			return nil
		}
	}
	return fmt.Errorf("sort %s: must be one of %s", name, strings.Join(sample.ColumnNames[:], ", "))
}
