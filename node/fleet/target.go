package fleet

import (
	"fmt"
	"time"

	"landfall/loadgen"
)

// targetWatch follows whether a run's target answers: it does not while most requests fail.
type targetWatch struct {
	next   int // interval
	down   bool
	turned int // intervals in a row that say otherwise
}

// turnsAfter is how many seconds in a row must say that the target fails, or answers, until it is told.
const turnsAfter = 2

// observe takes an interval's counts and tells whether the target has turned with it.
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

// watchTarget tells when most of a run's requests begin to fail, and when they are answered again, at the second in which they
// did.
func (s *State) watchTarget(r *Run) {
	for ; r.target.next < r.Complete(); r.target.next++ {
		c := &r.Intervals[r.target.next].Delta
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
		s.tell(r, e)
	}
}

// mainFailure is why most of the requests that failed did, as far as drivers said; "": they did not.
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
