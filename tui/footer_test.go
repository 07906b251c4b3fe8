package tui

import (
	"strings"
	"testing"

	"landfall/tui/panel"
	"landfall/tui/style"
)

// The footer always shows the keys for help and for going back, whatever the message and the width.
func TestFooterKeepsTheWayOut(t *testing.T) {
	for _, state := range []string{"running", "not-at-helm", "ended", "report"} {
		for w := panel.MinW; w < 130; w += 7 {
			m := inState(t, state, w, 24)
			if state == "not-at-helm" {
				press(m, "esc")
			}
			for _, text := range []string{"", "short", strings.Repeat("long ", 50)} {
				m.notice = notice{text: text, until: m.clock().Add(1e12)}
				if foot := m.footer(); !strings.Contains(foot, "? help") || !strings.Contains(foot, "q ") || style.Width(foot) != w {
					t.Errorf("%s, %d columns, said %.9q: %q", state, w, text, foot)
				}
			}
		}
	}
}

// A wide footer shows as many keys as fit, those that are used most first; keys of pairs are beside each other.
func TestFooterUsesItsWidth(t *testing.T) {
	for w, wants := range map[int][]string{120: {"F failures", "f findings"}, 200: {"z zoom", "[] span", "p freeze", "l log/linear", "t trend"}, 300: {"Y copy command"}} {
		foot := inState(t, "running", w, 40).footer()
		for _, want := range append(wants, "S stop", "? help  q quit") {
			if !strings.Contains(foot, want) {
				t.Errorf("%d columns have no %q: %q", w, want, foot)
			}
		}
	}
}
