package tui

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

// Which seconds are shown: up to the planned end if that is near, from T0 until the span is full, all once the run is over.
func TestStretch(t *testing.T) {
	for name, test := range map[string]struct {
		span, end, planned int
		over               bool
		from, n            int
	}{
		"planned end is near":           {fitted, 10, 30, false, 0, 30},
		"it took longer":                {fitted, 33, 30, false, 0, 33},
		"planned end is far, beginning": {fitted, 10, 7200, false, 0, 300},
		"planned end is far":            {fitted, 1000, 7200, false, 700, 300},
		"no end":                        {fitted, 10, 0, false, 0, 300},
		"over":                          {fitted, 63, 120, true, 0, 63},
		"a span":                        {60, 100, 0, false, 40, 60},
		"a span that is not full yet":   {60, 10, 0, false, 0, 60},
		"the end is within the span":    {60, 10, 30, false, 0, 30},
		"the whole run":                 {wholeRun, 100, 120, false, 0, 100},
	} {
		if from, n := stretch(test.span, test.end, test.planned, test.over); from != test.from || n != test.n {
			t.Errorf("%s: %d seconds from %d on, want %d from %d on", name, n, from, test.n, test.from)
		}
	}
}

// The last second of a run is rarely a whole one, and is no drop of the rate.
func TestLastSecondIsNoDrop(t *testing.T) {
	for name, test := range map[string]struct {
		lasts   time.Duration
		portion float64 // of a second's requests in the last one
		seconds int
	}{
		"ends within a second":      {9*time.Second + 400*time.Millisecond, .4, 10},
		"ends soon after a second":  {9*time.Second + 100*time.Millisecond, .1, 9},
		"ends with a second":        {9 * time.Second, 0, 9},
		"ends by itself: no plan's": {0, .4, 9},
	} {
		t.Run(name, func(t *testing.T) {
			c := tuitest.New()
			c.Drivers(1)
			c.Configure("tsunami-7", 1)
			c.Start("tsunami-7", 1, "me")
			r := c.State.Run("tsunami-7")
			r.Plans[0].UntilUS = test.lasts.Microseconds()
			for i := range 10 {
				c.Second("tsunami-7", i, 1, nil, 0)
			}
			last := r.Intervals[9]
			last.Delta = loadgen.Counts{Requests: int64(1000 * test.portion), Responses: int64(1000 * test.portion)}
			c.Finish("tsunami-7")
			r.Events = nil // it was not stopped
			m := console(c, 120, 40)
			w := m.s.run.window
			if w.newest+1 != test.seconds {
				t.Errorf("%d seconds are drawn, want %d", w.newest+1, test.seconds)
			}
			for i, v := range w.sent[:w.newest+1] {
				if v < 990 || v > 1010 {
					t.Errorf("second %d: %g/s", i, v)
				}
			}
		})
	}
}

// A target that fails most requests, and answers again, is marked once each.
func TestOutages(t *testing.T) {
	w := newWindow(0, 12)
	for i, failed := range []float64{0, 2, 9, 1, 9, 10, 10, 8, 0, 0, 0, 3} {
		w.put(i, interval{sent: 10, failed: failed, present: 1, expects: 1})
	}
	list := w.outages()
	if len(list) != 2 || list[0].at != 4 || !list[0].bad || list[1].at != 8 || list[1].bad {
		t.Errorf("%+v", list)
	}
}

// A dead target is seen at a glance: what fails now, not since T0, and no latency of the last good second.
func TestDeadTarget(t *testing.T) {
	c := tuitest.New()
	running(c, 2, 20)
	for i := 20; i < 25; i++ {
		c.Clock = c.Clock.Add(time.Second)
		for d := range 2 {
			c.Beat(d, node.Running, "tsunami-7")
			c.Fail("tsunami-7", i, d)
		}
		c.State.Tick(c.Clock)
	}
	m := console(c, 120, 40)
	contains(t, m, "failed 100%", "p99 –", "✖target fails", "connection refused")
}

// Drivers that join one after the other are one event.
func TestGrouped(t *testing.T) {
	at := tuitest.Start
	var all []fleet.Event
	for _, kind := range []fleet.EventKind{"joined", "joined", "joined", "joined", "joined", "started", "joined", "joined"} {
		all = append(all, fleet.Event{Kind: kind, At: at, NodeID: "d", Text: "one"})
	}
	if got := grouped(all); len(got) != 4 || got[0].Text != "5 drivers have joined" || got[1].Kind != fleet.EventStarted {
		t.Errorf("%v", got)
	}
}
