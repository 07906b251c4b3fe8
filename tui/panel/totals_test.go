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
	lines := RunTotals(style.Must("none", false, termenv.Ascii), r, 50, 40)
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

// TestRunTotalsInLittleRoom: what is wrong stays: the sum of failed requests before its parts, reasons without the address that is above
// them or, where there is room, wrapped; the drivers and their coverage.
func TestRunTotalsInLittleRoom(t *testing.T) {
	r := &sample.Run{Kind: loadgen.Tsunami, Target: "http://127.0.0.1:24002/ping", Drivers: 50, Holding: 50, Failures: []sample.Failure{
		{Class: loadgen.ErrConnect, Why: "127.0.0.1:24002: connection refused", Count: 2949}, {Class: loadgen.ErrTimeout, Why: "no complete response within the timeout of 10s", Count: 320}}}
	r.Total = loadgen.Counts{Requests: 10_000, Responses: 6731, Statuses: map[string]int64{"200": 6731}, Errors: map[loadgen.Class]int64{loadgen.ErrConnect: 2949, loadgen.ErrTimeout: 320}}
	for h, wants := range map[int][]string{
		11: {"failed 3,269 32.7% connect errors 2,949 timeout errors 320 2,949 connect: connection refused", "schedule lag p99", "drivers 50 of 50 coverage 100%"},
		30: {"2,949 connect: 127.0.0.1:24002: connection refused", "320 timeout: no complete response within the timeout of 10s", "responses 6,731", "started by"},
	} {
		lines := RunTotals(style.Must("none", false, termenv.Ascii), r, 40, h)
		text := strings.Join(strings.Fields(strings.Join(lines, "\n")), " ")
		for _, want := range wants {
			if !strings.Contains(text, want) || len(lines) > h {
				t.Errorf("%d lines for %d, or no %q:\n%s", len(lines), h, want, strings.Join(lines, "\n"))
			}
		}
	}
}
