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

// A rate is compared with what was asked for in the same second, not with a plan that is newer.
func TestAskedThen(t *testing.T) {
	for name, c := range map[string]struct {
		latest Interval
		want   float64
		behind bool
	}{
		"before the first second":   {Interval{}, 630, true},
		"the plan is newer":         {Interval{Sent: 25, asked: 25, planned: 25}, 25, false},
		"raised in that second":     {Interval{Sent: 298, asked: 300, planned: 630}, 630, false},
		"too few were sent":         {Interval{Sent: 500, asked: 630, planned: 630}, 630, true},
		"a driver has not reported": {Interval{Sent: 315, asked: 315, planned: 630, Present: 1, Expects: 2}, 630, true},
	} {
		r := Run{AskedNow: 630, Latest: c.latest}
		if got := r.AskedThen(); got != c.want || r.Behind() != c.behind {
			t.Errorf("%s: %g/s asked, want %g; behind: %v", name, got, c.want, r.Behind())
		}
	}
}
