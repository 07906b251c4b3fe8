package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"landfall/node"
	"landfall/tui/keys"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// previewed reports whether the page of drivers or of the history has room for a preview of the selected item.
func (m *model) previewed() bool {
	return m.Wide() && (m.page == keys.PageDrivers && m.Sample.Total > 0 || m.page == keys.PageHistory && len(m.Sample.Runs) > 0)
}

// previews reports whether the charts of the selected driver are shown below the list.
func (m *model) previews() bool {
	r := m.Sample.Run
	return m.page == keys.PageDrivers && m.previewed() && m.top() == nil && r != nil && !r.T0.IsZero()
}

// listH is the height of the list on a page with a preview.
func (m *model) listH(n, h int) int {
	if !m.previewed() {
		return h
	}
	return max(8, min(n+3, h*9/20))
}

// minPreview is the minimum height of charts below a list.
const minPreview = 8

func (m *model) driversPage(w, h int) []string {
	title := "Drivers"
	if m.drivers.Filter != "" {
		title = fmt.Sprintf("Drivers  %d of %d match %s", m.Sample.Matched, m.Sample.Total, string(m.drivers.Filter))
	}
	under := m.hostLines(w - 4)
	top := m.listH(m.Sample.Matched+len(under), h)
	lines := m.Style.Panel(node.Clean(title, 120), m.drivers.Note(&m.Display), append(m.drivers.Lines(&m.Display, w-4, top-2-len(under)), under...), w, top)
	if r := m.Sample.Selected; top < h && r != nil {
		facts := m.Facts(*r, w-4)
		tall := min(len(facts)+2, h-top)
		lines = append(lines, m.Style.Panel(r.ID, "", facts, w, tall)...)
		top += tall
	}
	if h-top >= minPreview && m.previews() && m.Sample.Run.Window.Only != "" {
		lines = append(lines, m.charts.Besides(&m.Display, w, h-top)...)
	}
	return style.Block(lines, w, h)
}

// sort sorts by the column of a name, or by the next one.
func (m *model) sort(arg string) tea.Cmd {
	if err := m.drivers.Sort(arg); err != nil {
		m.complain(err.Error())
	} else if arg == "" {
		m.say("sorted by " + sample.ColumnNames[m.drivers.By])
	}
	return nil
}

// askFilter filters the page's list by a text while it is typed.
func (m *model) askFilter(arg string) tea.Cmd {
	if arg != "" {
		m.setFilter(arg)
		return nil
	}
	p := newPrompt("/", m.filter(), nil, func(*model, string) tea.Cmd { return nil })
	p.live = (*model).setFilter
	return m.open(p)
}

// filter returns the filter of the page's list.
func (m *model) filter() string {
	switch m.page {
	case keys.PageEvents:
		return string(m.events.Filter)
	case keys.PageHistory:
		return string(m.history.Filter)
	}
	return string(m.drivers.Filter)
}

func (m *model) setFilter(text string) {
	switch m.page {
	case keys.PageEvents:
		m.events.Filter = sample.Words(text)
	case keys.PageHistory:
		m.history.Filter = sample.Words(text)
	default:
		m.drivers.Filter = sample.Filter(text)
	}
}

// lookingAt returns the id of the run whose charts are shown; "": none.
func (m *model) lookingAt() string {
	switch r := m.Sample.Run; {
	case m.charts.Shown != nil:
		return m.charts.Shown.ID
	case r != nil:
		return r.ID
	}
	return ""
}

// nextKeys returns the suggested actions after a run.
func (m *model) nextKeys() string {
	var words []string
	for _, next := range [][2]string{{"again", "again"}, {"edit", "edit"}, {"report", "report"}, {"findings", "findings"}} {
		if key := m.keyOf(next[0]); key != "" {
			words = append(words, m.hint(key, next[1]))
		}
	}
	return strings.Join(words, "  ")
}
