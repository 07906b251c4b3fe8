package fleet

import (
	"fmt"
	"time"

	"landfall/loadgen"
)

// targetWatch tracks whether a run's target answers: it is down while most requests fail.
type targetWatch struct {
	next             int // interval
	down             bool
	turned           int   // consecutive intervals that contradict
	silent           int   // consecutive intervals without a response although requests are in flight
	answers, seconds int64 // so far: what is usual
}

// silentAfter is the number of consecutive seconds without any response after which a target that usually answers each second is down.
const silentAfter = 3

// hangs handles an interval's counts and reports whether the target is down with it because it no longer answers, before requests time out.
func (w *targetWatch) hangs(i *Interval) bool {
	usual := w.answers >= max(w.seconds, 1)
	w.answers, w.seconds = w.answers+i.Delta.Responses, w.seconds+1
	if i.Delta.Requests > 0 || i.InFlight == 0 {
		w.silent = 0
		return false
	}
	w.silent++
	if w.down || !usual || w.silent < silentAfter {
		return false
	}
	w.down, w.turned = true, 0
	return true
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
		i := r.Intervals.Figures(r.target.next)
		c := &i.Delta
		if r.target.hangs(&i) {
			at := r.T0.Add(time.Duration(r.target.next-silentAfter+1) * time.Second)
			s.addEvent(r, Event{At: at, Kind: EventTargetDown, Text: fmt.Sprintf("the target hangs: no response for %ds, %d requests in flight", silentAfter, i.InFlight)})
		}
		if !r.target.observe(c) {
			continue
		}
		e := Event{At: r.T0.Add(time.Duration(r.target.next-turnsAfter+1) * time.Second), Kind: EventTargetUp, Text: "the target answers again"}
		if r.target.down {
			e.Kind = EventTargetDown
			e.Text = fmt.Sprintf("%d of %d requests in a second", c.Requests-c.Responses+c.Unexpected, c.Requests)
			if why := r.mainFailure(); why != "" { // first, because lines may be cut
				e.Text = why + " (" + e.Text + ")"
			}
			e.Text = "the target fails: " + e.Text
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
