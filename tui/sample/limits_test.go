package sample

import (
	"testing"
	"time"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/tui/tuitest"
)

func TestLimitText(t *testing.T) {
	for _, test := range []struct {
		ids          []string
		reason, want string
	}{
		{[]string{"a"}, "its connections: all are busy", "a ran out of connections: due requests wait"},
		{[]string{"a", "b"}, "its schedule: late", "2 drivers sent late although connections were free"},
		{[]string{"a", "b"}, "its CPU: 97 %", "2 drivers: their CPU: 97 %"},
	} {
		if got := limitText(test.ids, test.reason); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// Drivers are said to be the limit only while they are, not for the rest of the run.
func TestLimitedNow(t *testing.T) {
	c := tuitest.New()
	c.Drivers(2)
	c.Configure("run", 2)
	c.Start("run", 2, "me")
	c.Limits = []string{"its schedule: requests were sent late although connections were free"}
	c.Second("run", 0, 2, nil, 0)
	c.Limits = nil
	for i := 1; i < 20; i++ {
		c.Second("run", i, 2, nil, 0)
		if got := Take(c, Query{}).Run.Limited; (len(got) > 0) != (i < 10) {
			t.Errorf("second %d: %q", i, got)
		}
	}
}

// That requests wait is said while all connections are busy; the target may be slow if responses take far longer than usual.
func TestBusy(t *testing.T) {
	c := tuitest.New()
	c.Drivers(2)
	c.Configure("run", 2)
	c.Start("run", 2, "me")
	for i := range 5 {
		c.Second("run", i, 2, nil, 0)
	}
	const usual = 5e-3 // seconds, about the median of a scripted snapshot
	for _, test := range []struct {
		inFlight int64
		answered float64
		want     string
	}{
		{100, 2000, ""},
		{128, 128 / usual, "2 drivers ran out of connections (64 each): due requests wait"},
		{128, 1000, "2 drivers ran out of connections (64 each): due requests wait, target slow?"},
		{128, 0, "2 drivers ran out of connections (64 each): due requests wait, target slow?"},
	} {
		c.View(func(st *fleet.State) {
			if got := busyText(st.Run("run"), Interval{InFlight: test.inFlight, Answered: test.answered}); got != test.want {
				t.Errorf("%d in flight, %.0f/s: %q, want %q", test.inFlight, test.answered, got, test.want)
			}
		})
	}
	r := &Run{busy: "requests wait", Limited: []string{"late"}}
	if got := r.Warnings(); !r.Waits() || len(got) != 2 || len(r.Limited) != 1 {
		t.Errorf("%q", got)
	}
}

// The rate of a driver that runs is known, even if it is 0.
func TestSends(t *testing.T) {
	for _, test := range []struct {
		live  fleet.Liveness
		state node.DriverState
		want  bool
	}{{fleet.Alive, node.Running, true}, {fleet.Alive, node.Idle, false}, {fleet.Lost, node.Running, false}} {
		if got := (Driver{Live: test.live, State: test.state, Age: time.Second}).Sends(); got != test.want {
			t.Errorf("%s, %s: %t", test.live, test.state, got)
		}
	}
}
