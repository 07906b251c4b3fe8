package sample

import (
	"fmt"
	"time"

	"landfall/node/figures"
	"landfall/node/fleet"
)

// Outage tracks the periods in which this console could not read the broker. No record contains them.
type Outage struct {
	since  time.Time // this process's clock; zero: it can be read
	Lasted time.Duration
	Events []fleet.Event
}

const outagesKept = 20

// Follow records the start and end of an outage, by src and the local clock.
func (o *Outage) Follow(src Source, clock func() time.Time) {
	trouble, now := src.Connected(), time.Time{}
	src.View(func(st *fleet.State) { now = st.Now() })
	switch {
	case trouble != nil && o.since.IsZero():
		o.since, o.Lasted = clock(), 0
		o.add(fleet.Event{At: now, Kind: fleet.EventLost, Text: "Kafka is unreachable; drivers keep running"})
	case trouble != nil:
		o.Lasted = clock().Sub(o.since)
	case !o.since.IsZero():
		o.add(fleet.Event{At: now, Kind: fleet.EventBack, Text: fmt.Sprintf("Kafka is reachable again after %s", figures.Age(clock().Sub(o.since)))})
		*o = Outage{Events: o.Events}
	}
}

// Age adds the duration of the outage to the ages of drivers, because the broker's clock is unknown meanwhile.
func (o *Outage) Age(s *Sample) {
	for i := range s.Rows {
		s.Rows[i].Age += o.Lasted
	}
}

func (o *Outage) add(e fleet.Event) {
	o.Events = append(o.Events, e)
	o.Events = o.Events[max(0, len(o.Events)-outagesKept):]
}
