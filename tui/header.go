package tui

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"landfall/node"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/tui/keys"
	"landfall/tui/panel"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// header shows the state of the run and the pages, a row of figures if there is room, and problems.
func (m *model) header() []string {
	lines := []string{m.statusLine(), m.tabs()}
	if m.HasFigures() {
		lines = append(lines, m.FiguresLine())
	}
	if m.Sample.Trouble != nil {
		lines = append(lines, m.Style.Bad.Paint(style.Fill(m.troubleText(), m.W)))
	}
	return lines
}

// troubleText explains why Kafka is unreachable. If there is room, it adds how old figures are, and that drivers keep running.
func (m *model) troubleText() string {
	text := " " + m.Style.Glyph("✖", "x") + " " + kafkaTrouble(node.Clean(m.Sample.Trouble.Error(), 200))
	for _, more := range []string{"; figures as of " + m.Sample.Now.Local().Format("15:04:05"), "; drivers keep running"} {
		if style.Width(text+more) < m.W {
			text += more
		}
	}
	return text
}

// kafkaTrouble shortens an error of the connection to Kafka to the broker's address and the cause.
func kafkaTrouble(text string) string {
	for _, lead := range []string{"dial tcp ", "no Kafka broker answers at "} {
		_, rest, _ := strings.Cut(text, lead)
		if addr, why, found := strings.Cut(rest, ": "); found {
			return "Kafka " + addr + ": " + strings.TrimPrefix(why, "connect: ")
		}
	}
	return "Kafka is unreachable: " + strings.Replace(text, context.DeadlineExceeded.Error(), "no response in time", 1)
}

// aged returns a part of the header in one faint colour while it is outdated.
func (m *model) aged(part string) string {
	if m.Sample.Trouble == nil {
		return part
	}
	return m.Style.Aged([]string{part})[0]
}

// narrow is the width in columns below which the first line has room for the run only.
const narrow = 100

// statusLine shows whether the console is live, and the run. Where the run needs the room, a symbol says that it is live.
func (m *model) statusLine() string {
	st := m.Style
	live := st.Good.Paint(st.Glyph("●", "*") + " LIVE")
	if r := m.Sample.Run; m.W < narrow && r != nil && m.charts.Shown == nil && style.Width(strings.Join(m.runParts(r), "  ")) > m.W-style.Width(" landfall "+live+"  ") {
		live = st.Good.Paint(st.Glyph("●", "*"))
	}
	switch {
	case m.Sample.Trouble != nil:
		live = st.Bad.Paint(st.Glyph("✖", "x") + " DISCONNECTED " + figures.Age(m.outage.Lasted.Truncate(time.Second)))
	case m.charts.Frozen:
		live = st.Warn.Paint(st.Glyph("‖", "=") + " FROZEN" + m.frozenFor())
	}
	left := " " + st.Title.Paint("landfall") + " " + live + "  "
	return left + m.aged(ansi.TruncateLeft(m.runLine(left), style.Width(left), ""))
}

// runLine returns the first line of the screen. After the text left follow the figures of the shown run and the name of the console at the helm.
func (m *model) runLine(left string) string {
	st, r := m.Style, m.Sample.Run
	if m.charts.Shown != nil {
		return style.Fill(left+m.PastLine(m.charts.Shown, m.W-style.Width(left)), m.W)
	}
	if r == nil {
		return style.Fill(left+st.Dim.Paint("no run"), m.W)
	}
	room := m.W - style.Width(left)
	switch {
	case !r.Active:
		return style.Fill(left+m.runWords(r, room), m.W)
	case r.Mine:
		helm := st.Dim.Paint("  at the helm ")
		if m.Wide() { // the panel of the run shows the rest
			room -= style.Width(helm) + 1
		}
		return style.Spread(left+m.runWords(r, room), helm, m.W)
	}
	if m.W < narrow { // the line below names the controlling console
		return style.Fill(left+m.runWords(r, room), m.W)
	}
	// An operator who cannot control the run sees who can; figures get the remaining room.
	helm := st.Warn.Paint("helm: " + m.helmHolder() + " ")
	if r.HelmGone > 0 {
		helm = st.Bad.Paint("helm: " + m.helmHolder() + ", gone " + goneText(r.HelmGone) + " ")
	}
	left += m.runWords(r, room-style.Width(helm)-2)
	return style.Spread(left, helm, m.W)
}

// frozenFor is how old the frozen figures of an active run are.
func (m *model) frozenFor() string {
	r := m.Sample.Run
	if r == nil || !r.Active || r.T0.IsZero() {
		return ""
	}
	if age := m.Sample.Now.Sub(r.T0.Add(r.Elapsed)); age >= time.Second {
		return " " + figures.Age(age.Truncate(time.Second))
	}
	return ""
}

// goneText formats the time since the last sign of life, in whole seconds.
func goneText(d time.Duration) string { return figures.Age(d.Truncate(time.Second)) }

// runWords describes a run in one line of at most w columns, the most important part first; what does not fit is omitted.
func (m *model) runWords(r *sample.Run, w int) string {
	line := ""
	for _, part := range m.runParts(r) {
		if line != "" && style.Width(line)+2+style.Width(part) > w {
			continue
		}
		line = strings.TrimLeft(line+"  "+part, " ")
	}
	return line
}

// runName returns a run's id and the name of its spec. If there is little room, it is the name alone or, without one, the beginning and end
// of the id.
func (m *model) runName(r *sample.Run) string {
	id, name := node.Clean(r.ID, 48), node.Clean(r.Name, 120)
	if m.W < 110 {
		id = cmp.Or(style.Short(name, 16), m.ShortID(id))
		name = ""
	}
	if name != "" {
		name = " " + m.Style.Dim.Paint(style.Short(name, 24))
	}
	return m.Style.Bold.Paint(id) + name
}

func (m *model) runParts(r *sample.Run) []string {
	st := m.Style
	parts := []string{m.runName(r) + " " + m.phaseWord(r)}
	if r.T0.IsZero() || m.Sample.Now.Before(r.T0) {
		return parts
	}
	if !r.Active {
		rep, mean := m.history.Past[r.ID].Report, r.Mean()
		if rep != nil && rep.Capacity != nil { // figures of the whole run are those of many rates
			return parts
		}
		if rep != nil {
			mean = rep.RateRPS
		}
		failed := "failed " + figures.Percent(float64(r.FailedCount()), float64(r.Total.Requests))
		parts = append(parts, figures.ShortRate(mean), m.toned(failed, r.FailedCount()))
		if rep != nil {
			if short := panel.ConditionsShort(st, sample.JudgedConditions(rep)); short != "" {
				parts = append(parts, short)
			}
			if rep.Latency.P99 > 0 {
				parts = append(parts, "p99 "+figures.ShortMicros(float64(rep.Latency.P99)))
			}
		}
		return parts
	}
	parts = append(parts, m.rateWords(r))
	failed := "failed now " + figures.Percent(r.Latest.Failed, r.Latest.Sent)
	if m.W < narrow { // where no figure of the whole run is beside it
		failed = "failed " + figures.Percent(r.Latest.Failed, r.Latest.Sent)
	}
	if !panel.AllMet(r.Conditions) && !m.HasFigures() && !m.tabsHaveConditions(r) {
		parts = append(parts, panel.ConditionsShort(st, r.Conditions))
	}
	parts = append(parts, m.toned(failed, int64(r.Latest.Failed)))
	if r.Latest.P99 > 0 && !m.HasFigures() { // where that of the whole run is below, the legend has the newest one
		parts = append(parts, "p99 "+figures.ShortMicros(r.Latest.P99))
	}
	if len(r.Limited) > 0 {
		parts = append(parts, st.Warn.Paint(st.Glyph("▲", "!")+" drivers are the limit"))
	}
	if r.Waits() {
		parts = append(parts, st.Warn.Paint(st.Glyph("▲", "!")+" requests wait"))
	}
	return parts
}

// toned formats a count of problems, coloured if it is not 0.
func (m *model) toned(text string, n int64) string {
	if n > 0 {
		return m.Style.Bad.Paint(text)
	}
	return text
}

// rateWords returns the newest second's rate beside the requested one. It is a lower bound if only some drivers have reported, and marked
// if it is far below the requested rate.
func (m *model) rateWords(r *sample.Run) string {
	st := m.Style
	rate := figures.ShortRate(r.Latest.Sent)
	c := r.Coverage()
	if c < sample.Complete {
		rate = st.Glyph("≥", ">") + rate
	}
	asked := r.AskedThen()
	if draining(r) {
		asked = 0
	}
	if asked > 0 && r.Behind() && c >= sample.Complete && !r.Paused {
		rate = st.Warn.Paint(rate + " " + st.Glyph("▼", "v"))
	}
	if asked > 0 {
		rate += st.Dim.Paint(" of " + figures.Short(asked))
	}
	if c < sample.Complete {
		rate += st.Warn.Paint(fmt.Sprintf(" (%d of %d drivers)", r.Latest.Present, r.Latest.Expects))
	}
	return rate
}

func (m *model) phaseWord(r *sample.Run) string {
	st := m.Style
	switch {
	case r.Phase == fleet.Refused:
		return st.Bad.Paint("REFUSED")
	case r.T0.IsZero():
		return st.Warn.Paint("ARMING")
	case m.Sample.Now.Before(r.T0):
		return st.Warn.Paint(fmt.Sprintf("STARTS IN %.1fs", r.T0.Sub(m.Sample.Now).Seconds()))
	case r.Paused && r.Active:
		return st.Warn.Paint("PAUSED ") + m.timeText(r)
	case draining(r):
		return st.Warn.Paint("DRAINING ") + figures.ShortClock(r.Elapsed-r.Until)
	case r.Phase == fleet.Draining:
		return st.Warn.Paint("DRAINING ") + figures.ShortClock(r.Elapsed)
	case r.Active && r.Elapsed < r.Warmup:
		return st.Warn.Paint("WARM-UP ") + figures.ShortClock(r.Elapsed) + st.Dim.Paint("/"+figures.ShortClock(r.Warmup))
	case r.Active:
		return st.Good.Paint("RUN ") + m.timeText(r)
	}
	if p := m.history.Past[r.ID]; p.Outcome != "" {
		return p.Headline(m.Style) + st.Dim.Paint(" "+figures.ShortClock(p.Lasted))
	}
	return st.Dim.Paint("ENDED " + figures.ShortClock(r.Elapsed))
}

// draining reports whether an active run is past its planned end: it sends what was due, or waits for responses.
func draining(r *sample.Run) bool {
	return r.Active && r.Search == nil && r.Until > 0 && r.Elapsed >= r.Until+time.Second
}

func (m *model) timeText(r *sample.Run) string {
	switch {
	case r.Until > 0 && r.Search == nil: // for a search, Until is only an upper limit
		return figures.ShortClock(min(r.Elapsed, r.Until)) + m.Style.Dim.Paint("/"+figures.ShortClock(r.Until))
	case r.Count > 0:
		return figures.ShortClock(r.Elapsed) + m.Style.Dim.Paint(" "+figures.Percent(float64(r.Total.Requests+r.Total.Dropped), float64(r.Count)))
	}
	return figures.ShortClock(r.Elapsed)
}

// tabs shows the pages, a summary of met thresholds where there is no row of figures, and a summary of the fleet.
func (m *model) tabs() string {
	right := m.tabsRight()
	if r := m.Sample.Run; r != nil && m.tabsHaveConditions(r) {
		right = panel.ConditionsShort(m.Style, r.Conditions) + "  " + right
	}
	return style.Spread(m.tabsLeft(), right, m.W)
}

// tabsLeft are the names of the pages.
func (m *model) tabsLeft() string {
	st := m.Style
	var b strings.Builder
	b.WriteByte(' ')
	for p := range keys.Pages {
		text := fmt.Sprintf("%d %s", p+1, keys.PageNames[p])
		if p == m.page {
			b.WriteString(st.Hot.Paint("["+text+"]") + " ")
		} else {
			b.WriteString(st.Dim.Paint(" "+text+" ") + " ")
		}
	}
	return b.String()
}

// tabsRight is the number of drivers by state. On a narrow screen, the name of the console at the helm precedes it.
func (m *model) tabsRight() string {
	st := m.Style
	right := m.aged(m.fleetWords()) + " "
	if r := m.Sample.Run; m.W < narrow && r != nil && r.Active && !r.Mine && m.charts.Shown == nil {
		helm := st.Warn.Paint("helm: " + style.Short(m.helmHolder(), 14))
		if r.HelmGone > 0 {
			helm = st.Bad.Paint("helm gone " + goneText(r.HelmGone))
		}
		right = helm + "  " + right
	}
	return right
}

// tabsHaveConditions reports whether the conditions of an active run are beside the names of the pages. Otherwise, a missed one is in the first
// line.
func (m *model) tabsHaveConditions(r *sample.Run) bool {
	short := panel.ConditionsShort(m.Style, r.Conditions)
	return r.Active && !m.HasFigures() && m.charts.Shown == nil && short != "" && style.Width(m.tabsLeft())+style.Width(short)+2+style.Width(m.tabsRight()) < m.W
}

func (m *model) fleetWords() string {
	st, s := m.Style, m.Sample
	words := st.Dim.Paint(figures.Plural(int64(s.Alive+s.Late), "driver"))
	if s.Total-s.Left > 0 && s.Alive == 0 {
		words = st.Bad.Paint("no driver is alive")
	}
	if s.Late > 0 {
		words += "  " + st.Warn.Paint(fmt.Sprintf("%s %d late", st.Glyph("▲", "!"), s.Late))
	}
	if s.Lost > 0 {
		words += "  " + st.Bad.Paint(fmt.Sprintf("%s %d lost", st.Glyph("✖", "x"), s.Lost))
	}
	if len(m.drivers.Marked) > 0 {
		words += "  " + st.Accent.Paint(fmt.Sprintf("%d marked", len(m.drivers.Marked)))
	}
	return words
}
