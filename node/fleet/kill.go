package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// KillAnswer is how long a killed driver has for its last heartbeat before it counts as ended.
const KillAnswer = 2 * time.Second

// kill is a record that killed a driver's process.
type kill struct {
	bootID, by string
	at         time.Time // zero: none
}

func (s *State) kill(m *node.Trigger, at time.Time) {
	d := s.driver(m.NodeID) // its registration may not have been read yet
	if d == nil {
		return
	}
	if m.Drain {
		if d.exit.draining != m.BootID { // its heartbeat was read first
			s.addEvent(s.carriedBy(m.NodeID), Event{At: at, Kind: EventLeft, NodeID: m.NodeID, By: m.By, Text: fmt.Sprintf("%s was told to drain and exit by %s", m.NodeID, m.By)})
		}
		d.exit.ordered = m.BootID
		return
	}
	d.killed, d.exit.ordered = kill{m.BootID, m.By, at}, m.BootID
	s.markKilled(d)
	e := Event{At: at, Kind: EventKilled, NodeID: m.NodeID, By: m.By, Text: fmt.Sprintf("%s was killed by %s", m.NodeID, m.By)}
	if r := s.killedIn(m.NodeID); d.exit.draining != m.BootID {
		s.addEvent(r, e)
	} else { // its heartbeat was read first
		s.replaceExit(r, e)
	}
}

// killedIn returns the active run in which a killed driver has a share, also if its last snapshot was read before the record that killed it;
// nil: none.
func (s *State) killedIn(nodeID string) *Run {
	for _, r := range s.runs {
		if c := r.Drivers[nodeID]; c != nil && r.Active() && c.LostAt == 0 {
			return r
		}
	}
	return nil
}

// wasKilled reports whether the driver's current process was killed.
func (d *Driver) wasKilled() bool {
	return !d.killed.at.IsZero() && d.killed.bootID == d.Heartbeat.BootID
}

// markKilled records who killed the driver, in whichever order the record and its last heartbeat are read.
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

// endKilled ends a killed driver that has not sent its last heartbeat in time.
func (s *State) endKilled(d *Driver) {
	d.Liveness = Killed
	for _, id := range s.order {
		r := s.runs[id]
		if c := r.Drivers[d.NodeID]; c != nil && r.Active() && !c.Final && c.LostAt == 0 {
			c.KilledBy = d.killed.by
			s.lose(r, c, "killed by "+d.killed.by+", without a last heartbeat")
			c.HeardAt = d.killed.at.Sub(r.T0)
		}
	}
}
