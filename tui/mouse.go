package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"landfall/tui/keys"
	"landfall/tui/panel"
)

// Mouse support: a click selects, a second one opens, the wheel moves. Destructive actions are available by keys only.

func (m *model) mouse(e tea.MouseMsg) tea.Cmd {
	if m.W < panel.MinW || m.H < panel.MinH {
		return nil
	}
	switch {
	case e.Button == tea.MouseButtonWheelUp:
		return m.wheel(tea.KeyUp, -1)
	case e.Button == tea.MouseButtonWheelDown:
		return m.wheel(tea.KeyDown, 1)
	case e.Button != tea.MouseButtonLeft || e.Action != tea.MouseActionPress || m.top() != nil:
		return nil
	}
	const tabs = 1 // line of the tabs
	if e.Y == tabs {
		if p, on := m.tabAt(e.X); on {
			return m.turn(p)
		}
		return nil
	}
	return m.click(e.X, e.Y-len(m.header()))
}

// wheel moves the selection on the page, or scrolls the overlay.
func (m *model) wheel(key tea.KeyType, by int) tea.Cmd {
	if m.top() != nil {
		return m.press(tea.KeyMsg{Type: key})
	}
	return m.move(by)
}

// tabAt returns the page whose name is at a column of the line of tabs.
func (m *model) tabAt(x int) (keys.Page, bool) {
	at := 1
	for p, name := range keys.PageNames {
		w := len(name) + 4
		if x >= at && x < at+w {
			return keys.Page(p), true
		}
		at += w + 1
	}
	return 0, false
}

// click selects the item in a line of the page, or opens it if it is selected.
func (m *model) click(x, y int) tea.Cmd {
	row, at := 0, 0
	switch {
	case m.page == keys.PageHistory:
		first := m.history.First(&m.Sample, m.listH(len(m.Sample.Runs), m.BodyH()))
		row, at = first+y-2, m.history.At
		if y < 2 || row >= len(m.Sample.Runs) {
			return nil
		}
	case m.page == keys.PageDrivers || m.page == keys.PageLive && x < m.leftW() && m.charts.Zoom == 0:
		row, at = y-m.driverTop()+m.Sample.Top, m.Sample.Index
		if y < m.driverTop() || row < m.Sample.Top || row >= m.Sample.Top+len(m.Sample.Rows) {
			return nil
		}
	default:
		return nil
	}
	if row == at {
		return m.enter("")
	}
	return m.move(row - at)
}

// driverTop returns the line of the first driver on the page.
func (m *model) driverTop() int {
	if m.page == keys.PageLive && !m.Wide() {
		return 1 // below the heading
	}
	return 2 // below the frame
}
