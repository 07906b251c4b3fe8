package sample

import (
	"testing"
	"time"

	"landfall/loadgen"
)

// TestMean: requests are divided by the time in which they were sent, without the time of the last responses.
func TestMean(t *testing.T) {
	r := Run{Elapsed: 12 * time.Second, Until: 10 * time.Second, Total: loadgen.Counts{Requests: 1000, Responses: 950, Unexpected: 7}}
	if got := r.Mean(); got != 100 {
		t.Errorf("%v requests/s, want 100", got)
	}
	if got := r.FailedCount(); got != 57 {
		t.Errorf("%d failed, want 57", got)
	}
	r.Until = 0
	if got := r.Mean(); got != 1000.0/12 {
		t.Errorf("%v requests/s without a planned end", got)
	}
	if got := (&Run{}).Mean(); got != 0 {
		t.Errorf("before the start %v", got)
	}
}

func TestCoverage(t *testing.T) {
	r := Run{}
	if r.Coverage() != 1 {
		t.Error("before any figures something is missing")
	}
	if r.Latest.Present, r.Latest.Expects = 3, 4; r.Coverage() != .75 {
		t.Errorf("%v of three of four", r.Coverage())
	}
}
