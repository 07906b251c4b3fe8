package sample

import (
	"fmt"
	"slices"
	"time"

	"landfall/node/figures"
	"landfall/node/fleet"
)

// Outage is the periods in which this console could not read the broker. No record contains them.
type Outage struct {
	since  time.Time // this process's clock; zero: it can be read
	Lasted time.Duration
	at     time.Time // broker's clock, when it began
	events []fleet.Event
}

const outagesKept = 20

// Follow notes the start and end of an outage. During one, ages grow although the broker's clock is unknown.
func (o *Outage) Follow(s *Sample, clock func() time.Time) {
	switch {
	case s.Trouble != nil && o.since.IsZero():
		o.since, o.at, o.Lasted = clock(), s.Now, 0
		o.tell(fleet.Event{At: s.Now, Kind: fleet.EventLost, Text: "Kafka is unreachable; drivers keep running"})
	case s.Trouble != nil:
		o.Lasted = clock().Sub(o.since)
	case !o.since.IsZero():
		o.tell(fleet.Event{At: s.Now, Kind: fleet.EventBack, Text: fmt.Sprintf("Kafka is reachable again after %s", figures.Age(clock().Sub(o.since)))})
		*o = Outage{events: o.events}
	}
	if s.Trouble != nil {
		for i := range s.Rows {
			s.Rows[i].Age += o.Lasted
		}
	}
	s.Events = o.among(s.Events)
}

func (o *Outage) tell(e fleet.Event) {
	o.events = append(o.events, e)
	o.events = o.events[max(0, len(o.events)-outagesKept):]
}

// among merges the console's own events into the visible ones, and keeps the newest.
func (o *Outage) among(seen []fleet.Event) []fleet.Event {
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
