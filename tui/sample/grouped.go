package sample

import (
	"fmt"
	"strings"
	"time"

	"landfall/node/fleet"
)

// groupFrom is the minimum number of drivers whose consecutive events of one kind are shown as one event.
const groupFrom = 4

// didAll returns the plural form of an event's text; "": such events are not grouped.
func didAll(e fleet.Event) string {
	switch {
	case e.NodeID == "":
		return ""
	case e.Kind == fleet.EventJoined:
		return "joined"
	case e.Kind == fleet.EventBack:
		return "are back"
	case e.Kind == fleet.EventLate:
		return "are late: no heartbeat"
	case e.Kind == fleet.EventNote && strings.HasPrefix(e.Text, e.NodeID+" continued while it was disconnected"):
		return "continued while they were disconnected"
	case e.Kind == fleet.EventLeft && strings.HasPrefix(e.Text, e.NodeID+" is draining"):
		return "are draining"
	case e.Kind == fleet.EventLeft && strings.HasPrefix(e.Text, e.NodeID+" left"):
		return "left"
	}
	return ""
}

// Grouped merges events of one kind that happened to several drivers within a minute, one after the other.
func Grouped(all []fleet.Event) []fleet.Event {
	out := make([]fleet.Event, 0, len(all))
	for i := 0; i < len(all); {
		n, ids := groupAt(all[i:])
		if ids < groupFrom {
			out = append(out, all[i:i+n]...)
		} else {
			e := all[i+n-1]
			e.NodeID, e.Text = "", fmt.Sprintf("%d drivers %s", ids, didAll(e))
			out = append(out, e)
		}
		i += n
	}
	return out
}

// groupAt returns how many events at the beginning of a list form a group, at least one, and of how many drivers.
func groupAt(list []fleet.Event) (n, drivers int) {
	did, ids := didAll(list[0]), map[string]bool{}
	if did == "" {
		return 1, 1
	}
	for _, e := range list {
		if didAll(e) != did || e.At.Sub(list[0].At) >= time.Minute {
			break
		}
		n, ids[e.NodeID] = n+1, true
	}
	return n, len(ids)
}
