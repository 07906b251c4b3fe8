package fleet

import (
	"fmt"
	"slices"
	"time"
)

// addEvent inserts an event at its time: topics are read concurrently, so events are not found in order.
func (s *State) addEvent(r *Run, e Event) {
	if e.At.IsZero() {
		e.At = s.now
	}
	if r != nil {
		if r.told && r.toldBy(e) {
			return
		}
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

// insert inserts an event after all that are not later.
func insert(list []Event, e Event) []Event {
	i := len(list)
	for i > 0 && list[i-1].At.After(e.At) {
		i--
	}
	return slices.Insert(list, i, e)
}

// began returns when the driver's current process registered, if its registration was read and is earlier than heard; otherwise
// heard.
func (d *Driver) began(heard time.Time) time.Time {
	if d.Register.BootID == d.Heartbeat.BootID && !d.registered.IsZero() && d.registered.Before(heard) {
		return d.registered
	}
	return heard
}

// AddEvent adds an event that no record contains. It is added to the events of its run, too, if that is known.
func (s *State) AddEvent(e Event) { s.addEvent(s.runs[e.TestID], e) }

// Severity is how much an event matters to an operator, on every screen and in reports and the API.
type Severity string

// Severities, the worst first.
const (
	SeverityBad     Severity = "bad"     // something failed, or was killed
	SeverityWarning Severity = "warning" // something may fail
	SeverityChange  Severity = "change"  // an operator changed the run
	SeverityGood    Severity = "good"    // something went as planned
	SeverityNote    Severity = "note"
)

var severities = map[EventKind]Severity{
	EventLost: SeverityBad, EventRefused: SeverityBad, EventKilled: SeverityBad, EventThreshold: SeverityBad, EventTargetDown: SeverityBad,
	EventLate:    SeverityWarning,
	EventStopped: SeverityChange, EventPaused: SeverityChange, EventAdjusted: SeverityChange, EventResumed: SeverityChange, EventAdopted: SeverityChange,
	EventStarted: SeverityGood, EventFinished: SeverityGood, EventJoined: SeverityGood, EventBack: SeverityGood, EventTargetUp: SeverityGood,
}

// Severity returns how much an event of this kind matters. Unknown kinds, of other versions, are notes.
func (k EventKind) Severity() Severity {
	if s, ok := severities[k]; ok {
		return s
	}
	return SeverityNote
}

// Routine reports whether every run has events of this kind.
func (k EventKind) Routine() bool { return k == EventJoined || k == EventStarted || k == EventFinished }

// marks are what charts show of events beside the line that marks their second.
var marks = map[EventKind]string{
	EventLost: "✖", EventKilled: "✖", // and the driver's name
	EventTargetDown: "✖target fails", EventTargetUp: "answers again", EventThreshold: "✖threshold",
	EventAdjusted: "◆", EventPaused: "‖", EventResumed: "▶", EventStopped: "■", EventAdopted: "helm",
}

// Mark is how charts mark an event: a line at its time, with a label beside it.
type Mark struct {
	Event Event
	Label string // "": the label of an earlier mark covers it
}

// Drivers that are lost or killed together share one label.
const (
	together   = 3 * time.Second
	sharedFrom = 3 // drivers
)

// Marks returns the marks of events, which are in order of time. Events that charts do not mark are left out.
func Marks(events []Event) (list []Mark) {
	first, size := map[EventKind]int{}, map[int]int{} // the first mark of a kind's newest group; the drivers of a group
	var group []int                                   // of each mark; -1: none
	for _, e := range events {
		label, marked := marks[e.Kind]
		if !marked {
			continue
		}
		g := -1
		if e.Kind == EventLost || e.Kind == EventKilled {
			label += e.NodeID
			var begun bool
			if g, begun = first[e.Kind]; !begun || e.At.Sub(list[g].Event.At) >= together {
				g = len(list)
				first[e.Kind] = g
			}
			size[g]++
		}
		list, group = append(list, Mark{e, label}), append(group, g)
	}
	for i, g := range group {
		if g >= 0 && size[g] >= sharedFrom {
			if list[i].Label = ""; i == g {
				list[i].Label = fmt.Sprintf("%s%d drivers", marks[list[i].Event.Kind], size[g])
			}
		}
	}
	return list
}
