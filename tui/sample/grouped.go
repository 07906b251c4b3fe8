package sample

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"landfall/node/fleet"
)

// groupFrom is the minimum number of drivers whose consecutive events of one kind are shown as one event.
const groupFrom = 4

// What drivers did that have no share any more.
const (
	areLost    = "are lost"
	wereKilled = "were killed by "
)

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
	case e.Kind == fleet.EventLost:
		return areLost
	case e.Kind == fleet.EventKilled:
		return wereKilled + e.By
	case e.Kind == fleet.EventRefused && strings.HasPrefix(e.Text, e.NodeID+" refuses: "):
		return "refuse: " + strings.TrimPrefix(e.Text, e.NodeID+" refuses: ")
	case e.Kind == fleet.EventNote && strings.HasPrefix(e.Text, e.NodeID+" continued while it was disconnected"):
		return "continued while they were disconnected"
	case e.Kind == fleet.EventLeft && strings.HasPrefix(e.Text, e.NodeID+" is draining"):
		return "are draining"
	case e.Kind == fleet.EventLeft && strings.HasPrefix(e.Text, e.NodeID+" left"):
		return "left"
	}
	return ""
}

// toOthers returns to whom a share of drivers that are gone goes; "": the event is of another kind.
func toOthers(e fleet.Event) string {
	if _, to, found := strings.Cut(e.Text, " goes to "); found && e.Kind == fleet.EventAdjusted && strings.Contains(e.Text, "the share of ") {
		return to
	}
	return ""
}

// Grouped merges events of one kind that happened to several drivers within a minute, one after the other. The shares of drivers that are
// lost or killed are given to others in between, in several parts; these events are merged, too.
func Grouped(all []fleet.Event) []fleet.Event {
	out := make([]fleet.Event, 0, len(all))
	for i := 0; i < len(all); {
		g := groupAt(all[i:])
		if len(g.ids) < groupFrom {
			out = append(out, all[i:i+g.n]...)
		} else {
			out = append(out, g.events()...)
		}
		i += g.n
	}
	return out
}

// group is a number of consecutive events that are shown as one or two.
type group struct {
	did         string
	n           int // events
	ids         []string
	lastOne, to fleet.Event // the last event of the kind, and the last one that gives a share to others
}

// groupAt returns the group with which a list begins: at least one event.
func groupAt(list []fleet.Event) group {
	g := group{}
	for _, e := range list {
		did, shares := didAll(e), toOthers(e) != ""
		switch {
		case e.At.Sub(list[0].At) >= time.Minute:
			return g
		case shares && (g.did == "" || isGone(g.did)):
			g.to = e
		case did != "" && (did == g.did || g.did == "" && (g.n == 0 || isGone(did))):
			if g.did, g.lastOne = did, e; !slices.Contains(g.ids, e.NodeID) {
				g.ids = append(g.ids, e.NodeID)
			}
		default:
			g.n = max(g.n, 1)
			return g
		}
		g.n++
	}
	return g
}

// isGone reports whether drivers that did this have no share any more.
func isGone(did string) bool { return did == areLost || strings.HasPrefix(did, wereKilled) }

// events returns the group as one event and, if its shares were given to others, a second one.
func (g group) events() []fleet.Event {
	e := g.lastOne
	e.NodeID, e.Text = "", fmt.Sprintf("%d drivers %s", len(g.ids), g.did)
	if isGone(g.did) {
		e.Text += ": " + someOf(g.ids)
	}
	if g.to.Text == "" {
		return []fleet.Event{e}
	}
	gave := g.to
	gave.Text = "their shares go to " + toOthers(gave)
	if gave.At.Before(e.At) {
		gave.At = e.At
	}
	return []fleet.Event{e, gave}
}

// someOf names drivers in their natural order, as many as are worth reading.
func someOf(ids []string) string {
	const most = 12
	ids = slices.SortedFunc(slices.Values(ids), Natural)
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most], ", "), len(ids)-most)
}
