package tui

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/tui/tuitest"
)

// The last second of a run is rarely complete, and is not a drop of the rate.
func TestLastSecondIsNoDrop(t *testing.T) {
	for name, test := range map[string]struct {
		lasts   time.Duration
		portion float64 // part of a second's requests in the last one
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
			last := r.Intervals.At(9)
			last.Delta = loadgen.Counts{Requests: int64(1000 * test.portion), Responses: int64(1000 * test.portion)}
			c.Finish("tsunami-7")
			r.Events = nil // it was not stopped
			m := console(c, 120, 40)
			m.history.Ended = nil // its report is not read yet
			m.look()
			w := m.Sample.Run.Window
			if w.Newest+1 != test.seconds {
				t.Errorf("%d seconds are drawn, want %d", w.Newest+1, test.seconds)
			}
			for i, v := range w.Sent[:w.Newest+1] {
				if v < 990 || v > 1010 {
					t.Errorf("second %d: %g/s", i, v)
				}
			}
		})
	}
}

// The display of a dead target shows current failures, not those since T0, and no latency of the last good
// second.
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
	contains(t, m, "failed now 100%", "p99 –", "✖target fails", "connection refused")
}
