package sample

import (
	"testing"

	"landfall/node/fleet"
	"landfall/tui/chart"
)

// Which seconds are shown: up to the planned end if that is near, from T0 until the span is full, all once the run has ended.
func TestStretch(t *testing.T) {
	for name, test := range map[string]struct {
		span, end, planned int
		over               bool
		from, n            int
	}{
		"planned end is near":           {Fitted, 10, 30, false, 0, 30},
		"it took longer":                {Fitted, 33, 30, false, 0, 33},
		"planned end is far, beginning": {Fitted, 10, 7200, false, 0, 300},
		"planned end is far":            {Fitted, 1000, 7200, false, 700, 300},
		"no end":                        {Fitted, 10, 0, false, 0, 300},
		"over":                          {Fitted, 63, 120, true, 0, 63},
		"a span":                        {60, 100, 0, false, 40, 60},
		"a span that is not full yet":   {60, 10, 0, false, 0, 60},
		"the end is within the span":    {60, 10, 30, false, 0, 30},
		"the whole run":                 {WholeRun, 100, 120, false, 0, 100},
	} {
		if from, n := Stretch(test.span, test.end, test.planned, test.over); from != test.from || n != test.n {
			t.Errorf("%s: %d seconds from %d on, want %d from %d on", name, n, from, test.n, test.from)
		}
	}
}

// The last seconds of a window are those of its end, with the marks at their times.
func TestLastSeconds(t *testing.T) {
	w := NewWindow(0, 100)
	for i := range w.Sent {
		w.Sent[i] = float64(i)
	}
	w.Newest, w.Warmup, w.Heat, w.Marks = 99, 10, make([]fleet.Heat, 100), []chart.Mark{{At: 75}}
	last := w.Last(30)
	if last.From != 70 || len(last.Sent) != 30 || last.Sent[0] != 70 || last.Newest != 29 || last.Warmup != 0 || len(last.Heat) != 30 || last.Marks[0].At != 5 || w.Marks[0].At != 75 {
		t.Errorf("%+v", last)
	}
	for _, n := range []int{WholeRun, Fitted, 100, 300} {
		if got := w.Last(n); len(got.Sent) != 100 || got.From != 0 {
			t.Errorf("%d seconds: %d from %d", n, len(got.Sent), got.From)
		}
	}
}

// A driver's failed requests are errors and unexpected responses, as everywhere.
func TestDriverFailures(t *testing.T) {
	w := NewWindow(0, 1)
	w.putPoint(0, &fleet.Carrier{Points: []fleet.Point{{Present: true, Requests: 100, Errors: 3, Unexpected: 20}}}, 0, 1)
	if w.Failed[0] != 23 || w.Answered[0] != 97 || w.Sent[0] != 100 {
		t.Errorf("sent %v, answered %v, failed %v", w.Sent, w.Answered, w.Failed)
	}
}
