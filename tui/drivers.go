package tui

import (
	"fmt"
	"strings"

	"landfall/node"
	"landfall/node/fleet"
)

// tableColumn is one column of the driver table. Those with a higher need give way first.
type tableColumn struct {
	by    column // columns: cannot be sorted by
	title string
	width int
	right bool
	need  int
	text  func(v *display, r driverRow) (string, pen)
}

const trendW = 60 // seconds

// driversPanel is the table of drivers: what of it is seen, and which drivers are marked.
type driversPanel struct {
	driverQuery
	marked   map[string]bool
	joinHint string // the command with which a driver joins
}

// settle takes over what the sample made of the query.
func (p *driversPanel) settle(s sample) {
	p.cursor, p.index, p.top, p.byIndex = s.cursor, s.index, s.top, false
}

// move moves the selection by n drivers.
func (p *driversPanel) move(s *sample, n int) {
	p.index, p.byIndex = max(0, min(s.index+n, s.matched-1)), true
	s.index = p.index
}

func driverColumns(trend int) []tableColumn {
	return []tableColumn{
		{by: byState, title: "state", width: 10, need: 0, text: (*display).stateCell},
		{by: byAge, title: "age", width: 5, right: true, need: 4, text: func(v *display, r driverRow) (string, pen) { return age(r.age), v.st.dim }},
		{by: byRate, title: "rate", width: 7, right: true, need: 0, text: func(v *display, r driverRow) (string, pen) { return dash(r.rate*r.fresh(), perSecond), pen{} }},
		{by: byP99, title: "p99", width: 7, right: true, need: 0, text: func(v *display, r driverRow) (string, pen) { return dash(r.p99*r.fresh(), micro), pen{} }},
		{by: byCPU, title: "CPU", width: 5, right: true, need: 2, text: (*display).cpuCell},
		{by: byFailed, title: "failed", width: 7, right: true, need: 1, text: (*display).failedCell},
		{by: columns, title: "trend 60s", width: trend, need: 1, text: func(v *display, r driverRow) (string, pen) {
			_, ink := v.stateCell(r)
			return spark(v.st, r.trend, trend, v.s.trendTop), ink
		}},
		{by: byHost, title: "host", width: 16, need: 5, text: func(v *display, r driverRow) (string, pen) { return r.host, v.st.dim }},
		{by: byLabels, title: "labels", width: 22, need: 3, text: func(v *display, r driverRow) (string, pen) { return r.labels, v.st.dim }},
		{by: byVersion, title: "version", width: 12, need: 6, text: func(v *display, r driverRow) (string, pen) { return r.version, v.st.dim }},
	}
}

func dash(v float64, text func(float64) string) string {
	if v == 0 {
		return "–"
	}
	return text(v)
}

// stateCell is shape and word: the heartbeats' conclusion if it is a bad one, else what the driver says of itself.
func (v *display) stateCell(r driverRow) (string, pen) {
	st := v.st
	switch r.live {
	case fleet.Late:
		return st.glyph("▲", "!") + " late", st.warn
	case fleet.Lost:
		return st.glyph("✖", "x") + " lost", st.bad
	case fleet.Left:
		return st.glyph("○", "o") + " left", st.faint
	case fleet.Killed:
		return st.glyph("✖", "x") + " killed", st.warn
	}
	switch r.state {
	case node.Running:
		return st.glyph("●", "*") + " running", st.good
	case node.Armed:
		return st.glyph("◆", "+") + " armed", st.accent
	case node.Paused:
		return st.glyph("‖", "=") + " paused", st.warn
	case node.Draining:
		return st.glyph("▽", "v") + " draining", st.warn
	}
	return st.glyph("○", "o") + " " + string(r.state), st.dim
}

func (v *display) cpuCell(r driverRow) (string, pen) {
	if r.fresh() == 0 {
		return "–", pen{}
	}
	text := fmt.Sprintf("%.0f%%", 100*r.cpu)
	if r.cores > 0 && r.cpu > 0.85*r.cores {
		return text, v.st.warn
	}
	return text, pen{}
}

// failedCell is the share of the driver's requests of this run that failed.
func (v *display) failedCell(r driverRow) (string, pen) {
	if r.failed == 0 {
		return "0", v.st.dim
	}
	return percent(float64(r.failed), float64(r.requests)), v.st.bad
}

// fitting are the columns that w has room for, beside names of up to longest columns.
func fitting(w, longest int) (list []tableColumn, name int) {
	trend := min(max(w/5, 8), 30)
	least := max(6, min(longest, 20))
	for most := 6; most >= 0; most-- {
		list, name = nil, w-2
		for _, c := range driverColumns(trend) {
			if c.need <= most {
				list = append(list, c)
				name -= c.width + 1
			}
		}
		if name >= least {
			break
		}
	}
	return list, max(1, min(name, max(longest, 6), 40))
}

// lines is a heading and the rows, h lines in all.
func (p *driversPanel) lines(v *display, w, h int) []string {
	if v.s.total == 0 {
		return block(p.empty(v), w, h)
	}
	cols, name := fitting(w, v.s.longest)
	lines := []string{p.headRow(v, cols, name)}
	for i, r := range v.s.rows {
		lines = append(lines, p.line(v, r, cols, name, v.s.top+i == v.s.index, w))
	}
	if v.s.matched == 0 {
		lines = append(lines, v.st.dim.paint("no driver matches "+cell(string(p.filter), 40)))
	}
	return block(lines, w, h)
}

func (p *driversPanel) headRow(v *display, cols []tableColumn, name int) string {
	var b strings.Builder
	b.WriteString("  " + p.headCell(v, byName, "name", name, false))
	for _, c := range cols {
		b.WriteString(" " + p.headCell(v, c.by, c.title, c.width, c.right))
	}
	return b.String()
}

func (p *driversPanel) headCell(v *display, by column, title string, w int, right bool) string {
	ink := v.st.faint
	if by == p.by && by != columns {
		ink = v.st.accent
		arrow := "↓"
		if p.reversed {
			arrow = "↑"
		}
		title += v.st.glyph(arrow, map[string]string{"↓": " v", "↑": " ^"}[arrow])
	}
	if right {
		return ink.paint(rightCell(title, w))
	}
	return ink.paint(cell(title, w))
}

func (p *driversPanel) line(v *display, r driverRow, cols []tableColumn, name int, selected bool, w int) string {
	lead := " "
	if selected {
		lead = v.st.glyph("▸", ">")
	}
	if p.marked[r.id] {
		lead += v.st.glyph("✓", "#")
	} else {
		lead += " "
	}
	var b strings.Builder
	b.WriteString(lead + cell(r.id, name))
	for _, c := range cols {
		text, ink := c.text(v, r)
		if c.right {
			text = rightCell(text, c.width)
		} else {
			text = cell(text, c.width)
		}
		if selected {
			ink = pen{}
		}
		b.WriteString(" " + ink.paint(text))
	}
	if selected {
		return v.st.selected.paint(fill(b.String(), w))
	}
	return b.String()
}

// empty says how the first driver joins.
func (p *driversPanel) empty(v *display) []string {
	lines := []string{"", v.st.bold.paint("No drivers yet."), "", v.st.dim.paint("A driver joins with:"), ""}
	hint := p.joinHint
	if hint == "" {
		hint = "landfall driver"
	}
	return append(lines, "  "+v.st.accent.paint(hint), "", v.st.dim.paint("It may load only this machine unless --allow-target says more."))
}

// note is how many there are, or which of them are seen, and how many are not because they left.
func (p *driversPanel) note(v *display) string {
	note := fmt.Sprint(v.s.matched)
	if v.s.matched > len(v.s.rows) {
		note = fmt.Sprintf("%d–%d of %d", v.s.top+1, v.s.top+len(v.s.rows), v.s.matched)
	}
	if v.s.hidden > 0 {
		note += fmt.Sprintf(", %d left: L shows", v.s.hidden)
	}
	return v.st.dim.paint(note)
}

// sort sorts by the column of a name, or by the next one.
func (p *driversPanel) sort(name string) error {
	if name == "" {
		p.by, p.reversed = (p.by+1)%columns, false
		return nil
	}
	for i, known := range columnNames {
		if strings.EqualFold(known, name) {
			p.by, p.reversed = column(i), false
			return nil
		}
	}
	return fmt.Errorf("sort %s: must be one of %s", name, strings.Join(columnNames[:], ", "))
}
