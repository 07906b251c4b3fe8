package tui

import (
	"errors"
	"strings"
	"testing"

	"landfall/tui/tuitest"
)

// copies returns the texts that keys copy in a state, with a clipboard that accepts them.
func copies(m *model, pressed ...string) (texts []string) {
	m.clipboard = func(text string) error { texts = append(texts, text); return nil }
	press(m, pressed...)
	return texts
}

// TestCopy: y copies the selection, Y the command line of the spec, and the footer names what was copied.
func TestCopy(t *testing.T) {
	for name, test := range map[string]struct {
		state  string
		keys   []string
		want   string
		notice string
	}{
		"a driver":           {"idle", []string{"down", "y"}, "drv-02", "copied drv-02"},
		"a driver's page":    {"detail", []string{"y"}, "drv-01", "copied drv-01"},
		"how to join":        {"empty", []string{"y"}, "landfall driver --brokers 127.0.0.1:9092", "copied landfall driver"},
		"an event":           {"events", []string{"up", "y"}, "2026-03-14T09:14:00Z drv-03 joined", "copied 2026-03-14T09:14:00Z"},
		"a run":              {"history", []string{"y"}, "tsunami-7", "copied tsunami-7"},
		"a run's report":     {"report", []string{"y"}, "tsunami-7", "copied tsunami-7"},
		"a run's command":    {"history", []string{"Y"}, "landfall run --brokers 127.0.0.1:9092 http://127.0.0.1:8080/ping -q 3000 -z 2m0s", "copied landfall run"},
		"a form's command":   {"idle", []string{"T", "ctrl+y"}, "landfall run --brokers 127.0.0.1:9092 http://127.0.0.1:8080/ping -q 1000 -z 30s", "copied landfall run"},
		"an invalid form":    {"form-error", []string{"ctrl+y"}, "", "Rate, fleet"},
		"no event is listed": {"events", []string{"/", "q", "q", "q", "enter", "y"}, "", "nothing is selected to copy"},
	} {
		t.Run(name, func(t *testing.T) {
			m := inState(t, test.state, 120, 40)
			if got := strings.Join(copies(m, test.keys...), "|"); got != test.want {
				t.Errorf("copied %q, want %q", got, test.want)
			}
			contains(t, m, test.notice)
		})
	}
}

func TestCopyFails(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	m.clipboard = func(string) error { return errors.New("too long") }
	press(m, "y")
	contains(t, m, "copy: too long")
}

// If flags cannot express a spec, the command line contains the spec itself, and the notice stays on one
// line.
func TestCopySpec(t *testing.T) {
	c := tuitest.New()
	c.Drivers(1)
	m := console(c, 120, 40)
	m.compose.spec.Name = "checkout"
	got := copies(m, "T", "ctrl+y")
	if len(got) != 1 || !strings.HasPrefix(got[0], "landfall run --brokers 127.0.0.1:9092 - <<'SPEC'\nname: checkout\n") {
		t.Errorf("copied %q", got)
	}
	contains(t, m, "copied landfall run with the spec, 7 lines")
}
