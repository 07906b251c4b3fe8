package tui

import (
	"testing"

	"landfall/tui/tuitest"
)

// Two runs of the history are compared by the same key on one and on the other, the older one first.
func TestCompareTwoRuns(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	c.Finish("tsunami-7")
	c.Configure("tsunami-8", 3)
	c.Start("tsunami-8", 3, "me")
	for i := range 5 {
		c.Second("tsunami-8", i, 3, nil, 0)
	}
	c.Finish("tsunami-8")
	m := console(c, 120, 40)
	press(m, "4", "c")
	contains(t, m, "select another run and press c")
	press(m, "c")
	contains(t, m, "comparison cancelled")
	press(m, "c", "down", "c")
	contains(t, m, "tsunami-7 and tsunami-8", "latency p99", "change")
}
