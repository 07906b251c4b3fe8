package tui

import (
	"fmt"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// header is how the run goes and which pages there are, a row of figures where there is room, and what is wrong.
func (m *model) header() []string {
	lines := []string{m.statusLine(), m.tabs()}
	if m.hasFigures() {
		lines = append(lines, m.figuresLine())
	}
	if m.s.trouble != nil {
		lines = append(lines, m.st.bad.paint(fill(" "+m.st.glyph("✖", "x")+" Kafka is unreachable; drivers keep running: "+node.Clean(m.s.trouble.Error(), 200), m.w)))
	}
	return lines
}

// narrow is from how few columns on the first line has no room for more than the run.
const narrow = 100

func (m *model) statusLine() string {
	st := m.st
	live := st.good.paint(st.glyph("●", "*") + " LIVE")
	if m.w < 100 {
		live = st.good.paint(st.glyph("●", "*"))
	}
	switch {
	case m.s.trouble != nil:
		live = st.bad.paint(st.glyph("✖", "x") + " DISCONNECTED " + age(m.outage.lasted.Truncate(time.Second)))
	case m.charts.frozen:
		live = st.warn.paint(st.glyph("‖", "=") + " FROZEN")
	}
	left := " " + st.title.paint("landfall") + " " + live + "  "
	r := m.s.run
	if m.charts.shown != nil {
		return fill(left+pastLine(m.st, m.charts.shown), m.w)
	}
	if r == nil {
		return fill(left+st.dim.paint("no run"), m.w)
	}
	room := m.w - width(left)
	switch {
	case !r.active:
		return fill(left+m.runWords(r, room), m.w)
	case r.mine:
		helm := st.dim.paint("  at the helm ")
		if m.wide() { // where the panel of the run says the rest
			room -= width(helm) + 1
		}
		return spread(left+m.runWords(r, room), helm, m.w)
	}
	if m.w < narrow { // the line below says who may steer
		return fill(left+m.runWords(r, room), m.w)
	}
	// Who may not steer is told who may, before the figures.
	helm := st.warn.paint("helm: " + m.helmsman() + " ")
	left += m.runWords(r, room-width(helm)-2)
	if long := st.warn.paint("at the helm: " + m.helmsman() + ", elsewhere "); width(left)+2+width(long) <= m.w {
		helm = long
	}
	return spread(left, helm, m.w)
}

// runWords is a run in one line of at most w columns, the most important first; what does not fit is left out.
func (m *model) runWords(r *runView, w int) string {
	line := ""
	for _, part := range m.runParts(r) {
		if line != "" && width(line)+2+width(part) > w {
			break
		}
		line = strings.TrimLeft(line+"  "+part, " ")
	}
	return line
}

// runName is a run's id; where room is short, its beginning and end, which tell runs apart.
func (m *model) runName(r *runView) string {
	id := node.Clean(r.id, 48)
	if m.w < 110 {
		id = m.shortID(id)
	}
	return m.st.bold.paint(id)
}

func (m *model) runParts(r *runView) []string {
	st := m.st
	parts := []string{m.runName(r) + " " + m.phaseWord(r)}
	if r.t0.IsZero() || m.s.now.Before(r.t0) {
		return parts
	}
	if !r.active {
		failed := "failed " + percent(float64(r.failedCount()), float64(r.total.Requests))
		parts = append(parts, perSecond(r.mean()), m.toned(failed, r.failedCount()))
		if rep := m.history.past[r.id].report; rep != nil {
			if short := conditionsShort(st, judgedConditions(rep)); short != "" {
				parts = append(parts, short)
			}
			parts = append(parts, "p99 "+microShort(float64(rep.Latency.P99)))
		}
		return parts
	}
	parts = append(parts, m.rateWords(r))
	failed := "failed " + percent(r.latest.failed, r.latest.sent)
	parts = append(parts, m.toned(failed, int64(r.latest.failed)))
	if short := conditionsShort(st, r.conditions); short != "" && !m.hasFigures() {
		parts = append(parts, short)
	}
	if r.latest.p99 > 0 {
		parts = append(parts, "p99 "+microShort(r.latest.p99))
	}
	if len(r.limited) > 0 {
		parts = append(parts, st.warn.paint(st.glyph("▲", "!")+" drivers are the limit"))
	}
	return parts
}

// toned is a text in the colour of what is wrong if there is some of it.
func (m *model) toned(text string, n int64) string {
	if n > 0 {
		return m.st.bad.paint(text)
	}
	return text
}

// rateWords is the newest second's rate beside the one that is asked for; from only some drivers it is a lower bound, and
// far below what is asked for it is marked.
func (m *model) rateWords(r *runView) string {
	st := m.st
	rate := perSecond(r.latest.sent)
	c := r.coverage()
	if c < complete {
		rate = st.glyph("≥", ">") + rate
	}
	asked := r.askedNow
	if asked > 0 && r.latest.sent < 0.95*asked && c >= complete && !r.paused {
		rate = st.warn.paint(rate + " " + st.glyph("▼", "v"))
	}
	if asked > 0 {
		rate += st.dim.paint(" of " + short(asked))
	}
	if c < complete {
		rate += st.warn.paint(fmt.Sprintf(" (%d of %d drivers)", r.latest.present, r.latest.expects))
	}
	return rate
}

func (m *model) phaseWord(r *runView) string {
	st := m.st
	switch {
	case r.phase == fleet.Refused:
		return st.bad.paint("REFUSED")
	case r.t0.IsZero():
		return st.warn.paint("ARMING")
	case m.s.now.Before(r.t0):
		return st.warn.paint(fmt.Sprintf("STARTS IN %.1fs", r.t0.Sub(m.s.now).Seconds()))
	case r.paused && r.active:
		return st.warn.paint("PAUSED ") + m.timeText(r)
	case r.phase == fleet.Draining:
		return st.warn.paint("DRAINING ") + clock(r.elapsed)
	case r.active:
		return st.good.paint("RUN ") + m.timeText(r)
	}
	if p := m.history.past[r.id]; p.outcome != "" {
		return outcomePen(m.st, p.outcome).paint(strings.ToUpper(p.outcome)) + st.dim.paint(" "+clock(p.lasted))
	}
	return st.dim.paint("ENDED " + clock(r.elapsed))
}

func (m *model) timeText(r *runView) string {
	switch {
	case r.until > 0:
		return clock(min(r.elapsed, r.until)) + m.st.dim.paint("/"+clock(r.until))
	case r.count > 0:
		return clock(r.elapsed) + m.st.dim.paint(" "+percent(float64(r.total.Requests+r.total.Dropped), float64(r.count)))
	}
	return clock(r.elapsed)
}

// tabs is the pages, and the fleet in a few words.
func (m *model) tabs() string {
	st := m.st
	var b strings.Builder
	b.WriteByte(' ')
	for p := range pages {
		text := fmt.Sprintf("%d %s", p+1, pageNames[p])
		if p == m.page {
			b.WriteString(st.hot.paint("["+text+"]") + " ")
		} else {
			b.WriteString(st.dim.paint(" "+text+" ") + " ")
		}
	}
	right := m.fleetWords() + " "
	if r := m.s.run; m.w < narrow && r != nil && r.active && !r.mine && m.charts.shown == nil {
		right = st.warn.paint("helm: "+cell(m.helmsman(), min(width(m.helmsman()), 14))) + "  " + right
	}
	return spread(b.String(), right, m.w)
}

func (m *model) fleetWords() string {
	st, s := m.st, m.s
	words := st.dim.paint(figures.Plural(int64(s.alive+s.late), "driver"))
	if s.total-s.left > 0 && s.alive == 0 {
		words = st.bad.paint("no driver is alive")
	}
	if s.late > 0 {
		words += "  " + st.warn.paint(fmt.Sprintf("%s %d late", st.glyph("▲", "!"), s.late))
	}
	if s.lost > 0 {
		words += "  " + st.bad.paint(fmt.Sprintf("%s %d lost", st.glyph("✖", "x"), s.lost))
	}
	if len(m.drivers.marked) > 0 {
		words += "  " + st.accent.paint(fmt.Sprintf("%d marked", len(m.drivers.marked)))
	}
	return words
}
