package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"landfall/tui/keys"
)

// clickOn clicks on a text on the screen.
func clickOn(t *testing.T, m *model, text string) {
	t.Helper()
	for y, line := range strings.Split(ansi.Strip(m.View()), "\n") {
		if at := strings.Index(line, text); at >= 0 {
			_, cmd := m.Update(tea.MouseMsg{X: ansi.StringWidth(line[:at]), Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
			carry(m, cmd)
			return
		}
	}
	t.Fatalf("%q is not on the screen:\n%s", text, m.View())
}

func TestClicks(t *testing.T) {
	for _, size := range sizes {
		m := inState(t, "running", size[0], size[1])
		clickOn(t, m, "Drivers ")
		clickOn(t, m, "2 Drivers")
		if m.page != keys.PageDrivers {
			t.Fatalf("%v: page %d, want that of drivers", size, m.page)
		}
		clickOn(t, m, "drv-03")
		if m.Sample.Cursor != "drv-03" || m.top() != nil {
			t.Fatalf("%v: %q is selected, want drv-03", size, m.Sample.Cursor)
		}
		clickOn(t, m, "drv-03")
		if _, is := m.top().(*detail); !is {
			t.Fatalf("%v: a second click opens nothing", size)
		}
		press(m, "esc")
		clickOn(t, m, "1 Live")
		clickOn(t, m, "drv-01")
		if m.Sample.Cursor != "drv-01" {
			t.Errorf("%v: on the live page %q is selected, want drv-01", size, m.Sample.Cursor)
		}
		for range 5 {
			m.Update(tea.MouseMsg{Button: tea.MouseButtonWheelDown})
		}
		if m.Sample.Cursor != "drv-03" {
			t.Errorf("%v: the wheel comes to %q, want drv-03", size, m.Sample.Cursor)
		}
	}
}

// Clicks in the history, and at random places.
func TestClicksElsewhere(t *testing.T) {
	m := inState(t, "history", 120, 40)
	clickOn(t, m, "▸")
	if m.charts.Shown == nil && m.top() == nil {
		t.Error("a click on the selected run opens nothing")
	}
	for name := range states {
		for _, m := range inStateAt(name, sizes...) {
			for y := -1; y <= m.H; y += 3 {
				for x := -1; x <= m.W; x += 7 {
					m.Update(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
				}
			}
			checkFrame(t, m, name)
		}
	}
}
