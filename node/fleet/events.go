package fleet

import (
	"slices"
	"time"
)

// tell notes an event, in its place among the others: topics are read side by side, and what they say of the past is found
// when they are.
func (s *State) tell(r *Run, e Event) {
	if e.At.IsZero() {
		e.At = s.now
	}
	if r != nil {
		e.TestID = r.ID
		if len(r.Events) < eventsKept {
			r.Events = insert(r.Events, e)
		}
	}
	if len(s.events) == eventsKept {
		s.events = append(s.events[:0], s.events[1:]...)
	}
	s.events = insert(s.events, e)
}

// insert puts an event behind all that are not later.
func insert(list []Event, e Event) []Event {
	i := len(list)
	for i > 0 && list[i-1].At.After(e.At) {
		i--
	}
	return slices.Insert(list, i, e)
}

// began is when the process that is heard was started, as far as it was read to register before it was heard at that time:
// a process that reads the topics later sees it late.
func (d *Driver) began(heard time.Time) time.Time {
	if d.Register.BootID == d.Heartbeat.BootID && !d.registered.IsZero() && d.registered.Before(heard) {
		return d.registered
	}
	return heard
}
