package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/tui/panel"
	"landfall/tui/tuitest"
)

// outside matches texts that may be truncated: names and texts from elsewhere, which can be longer than any screen.
var outside = regexp.MustCompile(`(tsuna|avala)…\w+|http://[\w.:/]*…|✖ drv-02 refuses: .*…`)

// openers are keys that open an overlay, or change what a page shows.
var openers = []string{"A", "T", "C", "R", "E", "S", "P", "a", "x", "r", "f", "F", "c", "t", "/", ":", "?", "z", "p", "b", "q", "e", "enter", "2", "3", "4", "1", " "}

// TestNothingIsCut: at common sizes of terminals, no page and no overlay truncates a hint, key, figure or label of the console's own.
func TestNothingIsCut(t *testing.T) {
	for name := range states {
		for _, m := range inStateAt(name, [2]int{80, 24}, [2]int{100, 30}, [2]int{120, 40}) {
			whole(t, m, name)
			for _, key := range openers {
				press(m, key)
				whole(t, m, name+" "+key)
				for n := 0; m.top() != nil && n < 4; n++ {
					press(m, "esc")
				}
			}
		}
	}
}

// TestNoFieldIsCut: forms truncate neither a field nor its error message.
func TestNoFieldIsCut(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 40}} {
		for _, kind := range []string{"A", "T", "C"} {
			m := inState(t, "idle", size[0], size[1])
			press(m, kind)
			form := m.top().(*composing).Form
			for range form.Fields {
				whole(t, m, kind+" "+form.AtHand())
				press(m, "~")
				whole(t, m, kind+" "+form.AtHand()+" ~")
				press(m, "backspace", "down")
			}
		}
	}
}

// whole checks that only texts from elsewhere are truncated.
func whole(t *testing.T, m *model, where string) {
	t.Helper()
	if strings.Contains(m.footer(), "sideways") { // the rest can be scrolled to
		return
	}
	for _, line := range strings.Split(m.View(), "\n") {
		rest := outside.ReplaceAllString(line, "")
		if strings.Contains(rest, "…") && !slices.ContainsFunc(meant, func(text string) bool { return strings.Contains(rest, text) }) {
			t.Errorf("%s at %dx%d is cut: %s", where, m.W, m.H, line)
		}
	}
}

// meant are the console's own texts that end with an ellipsis.
var meant = []string{"… ctrl+t shows all of it", "up HOST…"}

// TestNoTableIsCut: the tables beside the charts are not truncated: steps of scenarios, the rates of a search.
func TestNoTableIsCut(t *testing.T) {
	for name, script := range map[string]func(r *fleet.Run){
		"steps": func(r *fleet.Run) {
			r.Spec.Requests = []loadgen.Request{{Name: "look"}, {Name: "buy"}}
			r.Named = map[string]*loadgen.Named{"look": {Name: "look", Requests: 1_234_567}, "buy": {Name: "buy", Requests: 300, Errors: 3}}
		},
		"search": func(r *fleet.Run) {
			r.Spec.Capacity = &loadgen.Capacity{Objectives: []string{"p99<1s"}, From: 2000, To: 4000, Hold: loadgen.Duration(20e9), Precision: .05}
		},
	} {
		c := tuitest.New()
		running(c, 3, 30)
		script(c.State.Run("tsunami-7"))
		for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 40}} {
			m := console(c, size[0], size[1])
			for range panel.ZoomTable + 1 {
				whole(t, m, name)
				press(m, "z")
			}
		}
	}
}
