package panel

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"landfall/tui/sample"
	"landfall/tui/style"
)

// TestFiguresLine: the row of figures shows all conditions or, if there is no room, a summary; what follows them is not lost.
func TestFiguresLine(t *testing.T) {
	run := &sample.Run{Active: true, T0: time.Unix(1, 0), Elapsed: 30 * time.Second, Until: time.Minute, Whole: sample.Interval{P50: 1e3, P95: 2e3, P99: 3e3}}
	run.Total.Requests = 10
	for i := range 4 {
		run.Conditions = append(run.Conditions, sample.Condition{Expr: fmt.Sprintf("p99{step=number-%d}<1s", i), Value: "3ms", Met: true})
	}
	line := func(w int) string {
		return (&Display{Style: style.Must("none", false, termenv.Ascii), W: w, H: 40, Sample: sample.Sample{Run: run}}).FiguresLine()
	}
	for w, wants := range map[int][]string{
		120: {"▰▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱", "p99 3ms", "✓ 4 thresholds", "dropped 0", "in flight 0"},
		220: {"✓ p99{step=number-0}<1s 3ms", "✓ p99{step=number-3}<1s 3ms"},
	} {
		for _, want := range wants {
			if got := line(w); !strings.Contains(got, want) {
				t.Errorf("%d columns have no %q: %s", w, want, got)
			}
		}
	}
	run.Conditions[1].Met, run.Conditions[2].Met = false, false
	if got := line(120); !strings.Contains(got, "✖ p99{step=number-1}<1s 3ms +1") || !strings.Contains(got, "dropped 0") {
		t.Errorf("two that are not met: %s", got)
	}
	run.Conditions = []sample.Condition{{Expr: "failed<1%", Value: "5.1%"}, {Expr: "p99<250ms", Value: "139ms", Met: true}}
	run.Latest.InFlight, run.MaxInFlight, run.Total.Dropped = 320, 320, 233
	for _, want := range []string{" run p50", "✖ failed<1% 5.1% │ ✓ p99<250ms 139ms", "in flight 320/320", "dropped 233"} {
		if got := line(110); !strings.Contains(got, want) || strings.Contains(got, "▰") {
			t.Errorf("110 columns have no %q, or the progress before it: %s", want, got)
		}
	}
}
