package sample

import (
	"cmp"
	"slices"
	"strings"

	"landfall/node/fleet"
)

// EventQuery selects the visible events. Events are counted from the newest, 0.
type EventQuery struct {
	Words    Words
	Fit      int           // number of events that fit
	Above    int           // number of newer events than the lowest visible one
	Chosen   int           // the selected event; 0: always the newest
	ChosenIs *fleet.Event  // the selected event, to find it again when newer ones arrive; nil: Chosen decides
	Own      []fleet.Event // the console's own events, which no record contains
}

// takeEvents copies the visible events that match, the newest last.
func (s *Sample) takeEvents(st *fleet.State, q EventQuery) {
	all := withOwn(st.Events(), q.Own)
	s.EventTotal = len(all)
	if q.Words != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(e fleet.Event) bool { return !MatchesEvent(q.Words, e) })
	}
	s.EventMatched = len(all)
	all = Grouped(all)
	s.EventCount = len(all)
	s.EventAt = chosenEvent(all, q)
	s.EventAbove = min(max(q.Above, s.EventAt-q.Fit+1), s.EventAt)
	s.EventAbove = max(0, min(s.EventAbove, len(all)-q.Fit))
	end := len(all) - s.EventAbove
	s.Events = slices.Clone(all[max(0, end-q.Fit):end])
	s.Event = fleet.Event{}
	if len(all) > 0 {
		s.Event = all[len(all)-1-s.EventAt]
	}
}

// chosenEvent returns the number of the selected event, counted from the newest.
func chosenEvent(all []fleet.Event, q EventQuery) int {
	at := max(0, min(q.Chosen, len(all)-1))
	if at == 0 || q.ChosenIs == nil {
		return at
	}
	for i, e := range slices.Backward(all) {
		if sameEvent(e, *q.ChosenIs) {
			return len(all) - 1 - i
		}
	}
	return at
}

// sameEvent reports whether two events are the same, even if more drivers have joined a group.
func sameEvent(a, b fleet.Event) bool {
	return a.At.Equal(b.At) && a.Kind == b.Kind && a.NodeID == b.NodeID && a.TestID == b.TestID
}

// MatchesEvent reports whether an event has all words of a filter: in its text, its kind, or the names of driver, run and operator.
// driver=NAME and run=NAME match whole names.
func MatchesEvent(w Words, e fleet.Event) bool {
	return w.match(func(word string) bool {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "driver":
			return e.NodeID == value
		case "run":
			return e.TestID == value
		}
		return has(word, e.Text, string(e.Kind), e.NodeID, e.TestID, e.By)
	})
}

// EventsOf returns all events that concern one driver, the oldest first: those about it, and those of whole runs in which it has a share.
func EventsOf(st *fleet.State, nodeID string) (list []fleet.Event) {
	add := func(events []fleet.Event, carried bool) {
		for _, e := range events {
			if (e.NodeID == nodeID || carried && e.NodeID == "") && !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	for _, r := range st.Runs() {
		add(r.Events, r.Drivers[nodeID] != nil)
	}
	add(st.Events(), false)
	slices.SortStableFunc(list, func(a, b fleet.Event) int { return a.At.Compare(b.At) })
	return list
}

// withOwn merges the console's own events into those of the fleet, as far as those go back.
func withOwn(all, own []fleet.Event) []fleet.Event {
	if len(own) == 0 {
		return all
	}
	out := slices.Clone(all)
	for _, e := range own {
		if len(all) == 0 || !e.At.Before(all[0].At) {
			i, _ := slices.BinarySearchFunc(out, e, func(a, b fleet.Event) int { return cmp.Or(a.At.Compare(b.At), -1) })
			out = slices.Insert(out, i, e)
		}
	}
	return out
}
