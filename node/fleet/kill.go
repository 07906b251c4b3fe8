package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// KillAnswer is how long a killed driver has for its goodbye before it counts as ended.
const KillAnswer = 2 * time.Second

// kill is a record that ended a driver's process at once.
type kill struct {
	bootID, by string
	at         time.Time // zero: none
}

func (s *State) kill(m *node.Trigger, at time.Time) {
	d := s.drivers[m.NodeID]
	if d == nil {
		return // of a driver that has not been heard of since it registered
	}
	if !m.Drain {
		d.killed = kill{m.BootID, m.By, at}
		s.markKilled(d)
	}
	s.tell(s.carriedBy(m.NodeID), Event{At: at, Kind: EventKilled, NodeID: m.NodeID, By: m.By, Text: fmt.Sprintf("%s was told to exit by %s", m.NodeID, m.By)})
}

// wasKilled tells whether the process that is heard was killed.
func (d *Driver) wasKilled() bool {
	return !d.killed.at.IsZero() && d.killed.bootID == d.Heartbeat.BootID
}

// markKilled notes in whose order a driver has left its runs, whichever of the two is read first.
func (s *State) markKilled(d *Driver) {
	if !d.wasKilled() {
		return
	}
	if d.Liveness == Left {
		d.Liveness = Killed
	}
	for _, r := range s.runs {
		if c := r.Drivers[d.NodeID]; c != nil && r.Active() && c.Released && (c.BootID == "" || c.BootID == d.killed.bootID) {
			c.KilledBy = d.killed.by
		}
	}
}

// bury notes that a killed driver has not said goodbye in time.
func (s *State) bury(d *Driver) {
	d.Liveness = Killed
	for _, id := range s.order {
		r := s.runs[id]
		if c := r.Drivers[d.NodeID]; c != nil && r.Active() && !c.Final && c.LostAt == 0 {
			c.KilledBy = d.killed.by
			s.lose(r, c, "killed by "+d.killed.by+", without a goodbye")
			c.HeardAt = d.killed.at.Sub(r.T0)
		}
	}
}
