package fleet

import (
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

// The state changes once most requests have failed for two seconds, and again once most have been answered
// for two.
func TestTargetTurns(t *testing.T) {
	var w targetWatch
	var turned []int
	for second, failed := range []int64{0, 2, 9, 1, 9, 10, 10, 8, 0, 0, 0, 3} {
		if w.observe(&loadgen.Counts{Requests: 10, Responses: 10 - failed/2, Unexpected: failed - failed/2}) {
			turned = append(turned, second)
		}
	}
	if !slices.Equal(turned, []int{5, 9}) || w.down {
		t.Errorf("turned in %v, down %t at the end", turned, w.down)
	}
	if w.observe(&loadgen.Counts{}) || w.turned != 0 {
		t.Error("a second without requests says something of the target")
	}
}

// A target that no longer answers is down after three seconds, before requests time out, and not a second time when they do. One that is
// idle, or that usually does not answer every second, is not.
func TestTargetHangs(t *testing.T) {
	interval := func(requests int64, inFlight int) *Interval {
		return &Interval{Delta: loadgen.Counts{Requests: requests, Responses: requests}, InFlight: inFlight}
	}
	down := func(list ...*Interval) (seconds []int) {
		var w targetWatch
		for second, i := range list {
			if w.hangs(i) {
				seconds = append(seconds, second)
			}
			if w.observe(&i.Delta) {
				seconds = append(seconds, -second)
			}
		}
		return seconds
	}
	timeouts := &Interval{Delta: loadgen.Counts{Requests: 10}, InFlight: 40}
	answers, silence := interval(10, 2), interval(0, 40)
	if got := down(answers, answers, silence, silence, silence, silence, timeouts, timeouts, answers, answers); !slices.Equal(got, []int{4, -9}) {
		t.Errorf("down and up in %v", got)
	}
	if got := down(answers, interval(0, 0), interval(0, 0), interval(0, 0), interval(0, 0)); got != nil {
		t.Errorf("idle: %v", got)
	}
	if got := down(interval(1, 1), interval(0, 1), interval(0, 1), interval(0, 1), interval(0, 1)); got != nil {
		t.Errorf("slow and rare: %v", got)
	}
}

// The event of a failing target names the reason first: lines of a screen may be cut.
func TestTheReasonOfAFailingTargetComesFirst(t *testing.T) {
	p := running(t, "a")
	for i := range 4 {
		m := p.snapshot("t1", "a", i, 10, int64(10*(i+1)), false)
		m.Snapshot.Delta.Responses, m.Snapshot.Delta.Errors = 0, map[loadgen.Class]int64{loadgen.ErrConnect: 10}
		m.Snapshot.ErrorReasons = []loadgen.Failure{{Class: loadgen.ErrConnect, Why: "connection refused", Count: 10}}
		p.post(m)
		p.pass(time.Second)
	}
	if text := texts(p.s.Run("t1").Events); !strings.Contains(text, "the target fails: connect: connection refused (10 of 10 requests in a second)") {
		t.Errorf("events:\n%s", text)
	}
}
