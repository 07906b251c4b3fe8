package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

func (s *State) driver(id string) *Driver {
	d := s.drivers[id]
	if d == nil {
		d = &Driver{Register: node.Register{NodeID: id}}
		s.drivers[id] = d
	}
	return d
}

func (s *State) register(m *node.Register) {
	d := s.driver(m.NodeID)
	d.Register = *m
	for _, r := range s.runs {
		if c := r.Drivers[m.NodeID]; c != nil && c.Host == "" {
			c.Host = m.Host
		}
	}
}

func (s *State) heartbeat(m *node.Heartbeat, at time.Time) {
	d := s.driver(m.NodeID)
	if at.Before(d.SeenAt) || d.Heartbeat.BootID == m.BootID && m.Seq <= d.Heartbeat.Seq {
		return // overtaken: one that a driver gave up waiting for may be stored after its goodbye
	}
	fresh, restarted, before := d.SeenAt.IsZero(), d.Heartbeat.BootID != m.BootID, d.Liveness
	d.Heartbeat, d.SeenAt, d.Liveness = *m, at, Alive
	switch {
	case m.State == node.Gone:
		d.Liveness = Left
		if before != Left && !fresh {
			s.tell(nil, Event{At: at, Kind: EventLeft, NodeID: m.NodeID, Text: m.NodeID + " has left" + because(m.Note)})
		}
	case fresh || restarted || before == Left:
		s.tell(nil, Event{At: at, Kind: EventJoined, NodeID: m.NodeID, Text: m.NodeID + " has joined"})
	case before == Late || before == Lost:
		s.tell(s.carriedBy(m.NodeID), Event{At: at, Kind: EventBack, NodeID: m.NodeID, Text: m.NodeID + " is back"})
	}
	for _, a := range m.Answers {
		s.answer(m.NodeID, a)
	}
	s.released(m, at)
}

func because(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

// answer notes what a driver says of a configuration. Once the run has started, only a refusal is news.
func (s *State) answer(nodeID string, a node.Answer) {
	r := s.runs[a.TestID]
	if r == nil {
		return
	}
	c := r.Drivers[nodeID]
	if c == nil || (c.Answer != nil && *c.Answer == a) {
		return
	}
	c.Answer = &a
	if a.Refuse != "" {
		s.tell(r, Event{Kind: EventRefused, NodeID: nodeID, Text: nodeID + " refuses: " + a.Refuse})
	}
}

// released notes that a driver no longer carries its share although it could still be heard. Its last snapshot may have
// been read before the heartbeat that says so, which may be its goodbye and name no run any more.
func (s *State) released(m *node.Heartbeat, at time.Time) {
	for _, id := range s.order {
		r := s.runs[id]
		c := r.Drivers[m.NodeID]
		if c == nil || !r.Active() || r.done(c) || c.LostAt > 0 || r.StopBy != "" {
			continue
		}
		carries := m.TestID == r.ID || c.BootID != "" && m.TestID == ""
		switch {
		case c.BootID != "" && c.BootID != m.BootID:
			if !c.Final {
				s.lose(r, c, "its process was started anew")
			}
		case !c.Released && carries && (m.State == node.Draining || m.State == node.Gone):
			c.Released = true
			r.expect(int(at.Sub(r.T0) / time.Second))
			s.tell(r, Event{At: at, Kind: EventLeft, NodeID: m.NodeID, Text: m.NodeID + " drains" + because(m.Note)})
		}
	}
}

// Expecting tells whether heartbeats are waited for: a driver is alive, or late.
func (s *State) Expecting() bool {
	for _, d := range s.drivers {
		if !d.SeenAt.IsZero() && (d.Liveness == Alive || d.Liveness == Late) {
			return true
		}
	}
	return false
}

// watch concludes from silence until now.
func (s *State) watch(now time.Time) {
	for _, d := range s.drivers {
		if d.SeenAt.IsZero() || d.Liveness == Left {
			continue
		}
		heard := d.SeenAt
		if s.since.After(heard) {
			heard = s.since
		}
		silent := now.Sub(heard)
		switch {
		case silent >= LostAfter && d.Liveness != Lost:
			d.Liveness = Lost
			s.lost(d, silent)
		case silent >= LateAfter && d.Liveness == Alive:
			d.Liveness = Late
			s.tell(s.carriedBy(d.NodeID), Event{Kind: EventLate, NodeID: d.NodeID, Text: fmt.Sprintf("%s is late: no heartbeat for %.1f s", d.NodeID, silent.Seconds())})
		}
	}
}

func (s *State) lost(d *Driver, silent time.Duration) {
	told := false
	for _, id := range s.order {
		r := s.runs[id]
		if c := r.Drivers[d.NodeID]; c != nil && r.Active() && !c.Final && c.LostAt == 0 {
			s.lose(r, c, fmt.Sprintf("no heartbeat for %.1f s", silent.Seconds()))
			told = true
		}
	}
	if !told {
		s.tell(nil, Event{Kind: EventLost, NodeID: d.NodeID, Text: fmt.Sprintf("%s is lost: no heartbeat for %.1f s", d.NodeID, silent.Seconds())})
	}
}

func (s *State) lose(r *Run, c *Carrier, why string) {
	c.LostAt = max(s.now.Sub(r.T0), time.Microsecond)
	r.expect(int(c.LastEnd / time.Second))
	s.tell(r, Event{Kind: EventLost, NodeID: c.NodeID, Text: c.NodeID + " is lost: " + why})
}

// carriedBy is the active run that a driver has a share of; nil: none.
func (s *State) carriedBy(nodeID string) *Run {
	for _, r := range s.runs {
		if c := r.Drivers[nodeID]; c != nil && r.Active() && !c.Final && c.LostAt == 0 {
			return r
		}
	}
	return nil
}
