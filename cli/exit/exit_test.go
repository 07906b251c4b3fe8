package exit

import (
	"testing"

	"landfall/node/report"
)

func TestExitCodes(t *testing.T) {
	crossed := []report.Threshold{{Expr: "p99<1ms"}}
	for want, r := range map[int]*report.Report{
		Passed: {Outcome: report.Passed}, Failed: {Outcome: report.Failed}, Threshold: {Outcome: report.Failed, Thresholds: crossed},
		Interrupted: {Outcome: report.Interrupted, Thresholds: crossed}, Aborted: {Outcome: report.Aborted, Thresholds: crossed},
	} {
		if got := Code(r); got != want {
			t.Errorf("%s: exit %d, want %d", r.Outcome, got, want)
		}
	}
}
