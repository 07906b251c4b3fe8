package tui

import (
	"slices"
	"strings"
	"testing"

	"landfall/tui/style"
)

// A report that is wider than the screen can be read in full.
func TestSideways(t *testing.T) {
	m := inState(t, "report", 62, 24)
	before := m.View()
	if !strings.Contains(before, "sideways") {
		t.Fatalf("a report wider than the screen is cut:\n%s", before)
	}
	widest := ""
	for _, line := range m.top().(*textPage).text {
		if style.Width(line) > style.Width(widest) {
			widest = line
		}
	}
	for range 9 {
		press(m, "right")
	}
	end := strings.TrimRight(widest, " ")
	contains(t, m, end[len(end)-8:])
	for range 9 {
		press(m, "left")
	}
	if now := m.View(); now != before {
		t.Errorf("back at the left:\n%s", now)
	}
}

// Sentences of a report are as wide as the page, in their colour; rows of tables stay as they are.
func TestReportsWrap(t *testing.T) {
	for name, test := range map[string]struct {
		line string
		want []string
	}{
		"short":     {"  a line", []string{"  a line"}},
		"table":     {"  drv-1   vm    finished       200       0", []string{"  drv-1   vm    finished       200       0"}},
		"sentence":  {"  \x1b[33m! the drivers were the limit: too slow\x1b[0m", []string{"  \x1b[33m! the drivers\x1b[0m", "    \x1b[33mwere the limit:\x1b[0m", "    \x1b[33mtoo slow\x1b[0m"}},
		"no colour": {"the drivers were the limit", []string{"the drivers were", "  the limit"}},
	} {
		if got := wrapped(test.line, 20); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// The help is searched while the text is typed, and a report from match to match.
func TestSearchTexts(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "?", "/", "p", "a", "u", "s", "e")
	contains(t, m, "Help  /pause", "pause the run")
	if strings.Contains(m.View(), "compose an Avalanche") {
		t.Errorf("not narrowed:\n%s", m.View())
	}
	press(m, "esc")
	contains(t, m, "compose an Avalanche")
	m = inState(t, "report", 80, 24)
	press(m, "/", "d", "r", "v", "-", "enter")
	contains(t, m, "/drv-", "n")
	if p, is := m.top().(*textPage); !is || !p.contains(strings.Join(p.text[p.top:min(len(p.text), p.top+p.h)], "\n")) {
		t.Errorf("no match is shown:\n%s", m.View())
	}
	p := &textPage{text: strings.Split(strings.Repeat("\n", 5)+"X"+strings.Repeat("\n", 7)+"x"+strings.Repeat("\n", 20), "\n"), h: 4, find: "x"}
	for _, step := range []struct{ by, want int }{{1, 5}, {1, 12}, {1, 12}, {-1, 5}} {
		if p.seek(p.top+step.by, step.by); p.top != step.want {
			t.Errorf("%+d goes to line %d, want %d", step.by, p.top, step.want)
		}
	}
}
