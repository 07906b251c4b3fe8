package fleet

import (
	"slices"
	"time"

	"landfall/node"
)

// exit is which processes of a driver had an event for their exit: an ordered exit is one event, at its first sign.
type exit struct {
	ordered  string // boot id of the process that was ordered to exit or killed; "": none
	draining string // boot id of the process that drains or has left; "": none
}

// replaceExit replaces the event of a driver's exit by another one, at its time.
func (s *State) replaceExit(r *Run, e Event) {
	lists := [][]Event{s.events}
	if r != nil {
		e.TestID = r.ID
		lists = append(lists, r.Events)
	}
	for _, list := range lists {
		for i, old := range slices.Backward(list) {
			if old.Kind == EventLeft && old.NodeID == e.NodeID {
				e.At = old.At
				list[i] = e
				break
			}
		}
	}
}

// reportExit records that a driver's current process is draining or has left, unless an earlier event announced it. r is the run in which
// it has a share; nil: none.
func (s *State) reportExit(r *Run, d *Driver, at time.Time) {
	boot, what := d.Heartbeat.BootID, " is draining"
	if d.Heartbeat.State == node.Gone {
		what = " left"
	}
	if d.exit.ordered != boot && d.exit.draining != boot {
		s.addEvent(r, Event{At: at, Kind: EventLeft, NodeID: d.NodeID, Text: d.NodeID + what + because(d.Heartbeat.Note)})
	}
	d.exit.draining = boot
}
