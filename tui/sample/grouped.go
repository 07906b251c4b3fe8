package sample

import (
	"fmt"
	"time"

	"landfall/node/fleet"
)

// groupFrom is from how many drivers on that join one after the other they are one event.
const groupFrom = 4

// Grouped is events with those of drivers that joined one after the other, within a minute, as one.
func Grouped(all []fleet.Event) []fleet.Event {
	out := make([]fleet.Event, 0, len(all))
	for i := 0; i < len(all); {
		n := 1
		for all[i].Kind == fleet.EventJoined && i+n < len(all) && all[i+n].Kind == fleet.EventJoined && all[i+n].At.Sub(all[i].At) < time.Minute {
			n++
		}
		if n < groupFrom {
			out = append(out, all[i:i+n]...)
		} else {
			e := all[i+n-1]
			e.NodeID, e.Text = "", fmt.Sprintf("%d drivers joined", n)
			out = append(out, e)
		}
		i += n
	}
	return out
}
