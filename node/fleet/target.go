package fleet

import (
	"fmt"
	"time"

	"landfall/loadgen"
)

// targetWatch tracks whether a run's target answers: it is down while most requests fail.
type targetWatch struct {
	next   int // interval
	down   bool
	turned int // consecutive intervals that contradict
}

// turnsAfter is the number of consecutive seconds that change the state.
const turnsAfter = 2

// observe handles an interval's counts and reports whether the state changes with it.
func (w *targetWatch) observe(c *loadgen.Counts) bool {
	if c.Requests == 0 {
		return false
	}
	failing := 2*(c.Requests-c.Responses+c.Unexpected) > c.Requests
	if failing == w.down {
		w.turned = 0
		return false
	}
	if w.turned++; w.turned < turnsAfter {
		return false
	}
	w.down, w.turned = failing, 0
	return true
}

// watchTarget adds an event when most of a run's requests start to fail, and when most are answered again, at
// that second.
func (s *State) watchTarget(r *Run) {
	for ; r.target.next < r.Complete(); r.target.next++ {
		c := &r.Intervals.At(r.target.next).Delta
		if !r.target.observe(c) {
			continue
		}
		e := Event{At: r.T0.Add(time.Duration(r.target.next-turnsAfter+1) * time.Second), Kind: EventTargetUp, Text: "the target answers again"}
		if r.target.down {
			e.Kind = EventTargetDown
			e.Text = fmt.Sprintf("the target fails: %d of %d requests in a second", c.Requests-c.Responses+c.Unexpected, c.Requests)
			if why := r.mainFailure(); why != "" {
				e.Text += ", most with " + why
			}
		}
		s.addEvent(r, e)
	}
}

// mainFailure returns the reason of most failed requests, as far as drivers reported it; "": there is none.
func (r *Run) mainFailure() (why string) {
	counts := map[string]int64{}
	for _, c := range r.Drivers {
		for _, f := range c.Failures {
			text := string(f.Class) + ": " + f.Why
			counts[text] += f.Count
			if n := counts[text]; n > counts[why] || n == counts[why] && text < why {
				why = text
			}
		}
	}
	return why
}
