package panel

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"landfall/loadgen"
	"landfall/tui/sample"
	"landfall/tui/style"
)

// Only classes of errors that occurred have a line; the figures include reasons of failures and the drivers' limits.
func TestRunTotals(t *testing.T) {
	r := &sample.Run{Kind: loadgen.Tsunami, Target: "http://shop.test/", Drivers: 3, Holding: 2, Limited: []string{"drv-1 sent late although connections were free"},
		Failures: []sample.Failure{{Class: loadgen.Classes[0], Why: "connection refused", Count: 7}}, Users: &sample.Users{Now: 12, Iterations: 40, ChecksPassed: 99, ChecksFailed: 1}}
	r.Total.Errors = map[loadgen.Class]int64{loadgen.Classes[0]: 7}
	r.Latest.InFlight = 5
	lines := RunTotals(style.Must("none", false, termenv.Ascii), r, 50)
	text := strings.Join(strings.Fields(strings.Join(lines, "\n")), " ")
	for _, want := range []string{"▲ drv-1 sent late although connections were free", "in flight 5", string(loadgen.Classes[0]) + " errors 7", "connection refused", "users 12", "checks passed 99%", "drivers 2 of 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if strings.Contains(text, string(loadgen.Classes[1])+" errors") {
		t.Errorf("errors that did not occur: %s", text)
	}
	for _, line := range lines {
		if style.Width(line) > 50 {
			t.Errorf("%d columns: %q", style.Width(line), line)
		}
	}
}
