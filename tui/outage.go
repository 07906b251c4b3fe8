package tui

import (
	"fmt"
	"slices"
	"time"

	"landfall/node/fleet"
)

// outage is what this console knows of the times in which it could not read the broker: no record tells of them.
type outage struct {
	since  time.Time // this process's clock; zero: it can be read
	lasted time.Duration
	at     time.Time // broker's clock, when it began
	events []fleet.Event
}

const outagesKept = 20

// follow notes that the broker cannot be read, or can again; ages grow meanwhile although the broker's clock is not known.
func (o *outage) follow(s *sample, clock func() time.Time) {
	switch {
	case s.trouble != nil && o.since.IsZero():
		o.since, o.at, o.lasted = clock(), s.now, 0
		o.tell(fleet.Event{At: s.now, Kind: fleet.EventLost, Text: "Kafka is unreachable; drivers keep running"})
	case s.trouble != nil:
		o.lasted = clock().Sub(o.since)
	case !o.since.IsZero():
		o.tell(fleet.Event{At: s.now, Kind: fleet.EventBack, Text: fmt.Sprintf("Kafka is reachable again after %s", age(clock().Sub(o.since)))})
		*o = outage{events: o.events}
	}
	if s.trouble != nil {
		for i := range s.rows {
			s.rows[i].age += o.lasted
		}
	}
	s.events = o.among(s.events)
}

func (o *outage) tell(e fleet.Event) {
	o.events = append(o.events, e)
	o.events = o.events[max(0, len(o.events)-outagesKept):]
}

// among is the newest of the events that are seen, with the console's own among them.
func (o *outage) among(seen []fleet.Event) []fleet.Event {
	if len(o.events) == 0 || len(seen) == 0 {
		return seen
	}
	all := slices.Clone(seen)
	for _, e := range o.events {
		if e.At.After(seen[0].At) {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b fleet.Event) int { return a.At.Compare(b.At) })
	return all[len(all)-len(seen):]
}
