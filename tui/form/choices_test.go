package form

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"landfall/loadgen"
	"landfall/tui/style"
)

// at returns a form for a kind of run with a selected field.
func at(t *testing.T, kind loadgen.Kind, name string) *Form {
	t.Helper()
	f := New(kind, loadgen.Spec{}, "", "", nil)
	for f.AtHand() != name {
		if f.Turn(1); f.At == 0 {
			t.Fatalf("no field %s", name)
		}
	}
	return f
}

// Choices wrap around in both directions, starting with the typed value.
func TestChoose(t *testing.T) {
	f := at(t, loadgen.Tsunami, "method")
	for _, want := range []string{"GET", "POST"} {
		if f.Choose(1, nil); f.Value("method") != want {
			t.Errorf("%q, want %q", f.Value("method"), want)
		}
	}
	f.Set("method", "")
	if f.Choose(-1, nil); f.Value("method") != methods[len(methods)-1] {
		t.Errorf("before the first comes %q", f.Value("method"))
	}
	f = at(t, loadgen.Tsunami, "drivers")
	if f.Choose(1, []string{"all", "zone=eu"}); f.Value("drivers") != "all" {
		t.Errorf("drivers %q", f.Value("drivers"))
	}
}

// Toggling an option keeps the rest of the text; a kind has only its own options.
func TestToggle(t *testing.T) {
	f := at(t, loadgen.Avalanche, "options")
	if f.Togglable() {
		t.Error("an option is at hand before one was chosen")
	}
	f.Set("options", "streams=4")
	f.Choose(1, nil)
	if f.Toggle(); f.Value("options") != "streams=4 burst" {
		t.Errorf("options %q", f.Value("options"))
	}
	if f.Toggle(); f.Value("options") != "streams=4" {
		t.Errorf("options %q", f.Value("options"))
	}
	if names := toggles(loadgen.Tsunami); names[0] != "poisson" {
		t.Errorf("options of a Tsunami: %q", names)
	}
}

func TestShape(t *testing.T) {
	st := style.Must("none", true, termenv.Ascii)
	stages := []loadgen.Stage{{Duration: loadgen.Duration(time.Minute), To: 100}, {Duration: loadgen.Duration(time.Minute), To: 100}}
	if got := shapeOf(st, stages, 6); got != ".-*###" && got[3:] != got[3:4]+got[3:4]+got[3:4] {
		t.Errorf("a ramp and a plateau are %q", got)
	}
	if got := shapeOf(st, nil, 6); got != "" {
		t.Errorf("no stages are %q", got)
	}
}

// In two columns, check boxes take as many lines as they need, and none is cut.
func TestBoxesInTwoColumns(t *testing.T) {
	f := New(loadgen.Tsunami, loadgen.Spec{Target: "http://127.0.0.1:9/", RateRPS: 5, NoKeepalive: true}, "", "", nil)
	f.Refresh(ready)
	st := style.Must("none", false, termenv.Ascii)
	f.Fit(st, 120, 37)
	text := strings.Join(f.Draw(st, 120, 37, "ctrl+t"), "\n")
	for _, want := range []string{"[ ] poisson", "[✓] no-keepalive", "[ ] insecure", "[ ] http2"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
