package fleet

import (
	"fmt"
	"slices"
	"time"

	"landfall/node"
)

// maxDrivers limits the known drivers; silentFor is how long a driver is remembered after it has gone.
const (
	maxDrivers = 10_000
	silentFor  = time.Hour
)

// driver returns the driver with a name, and creates it if it is new; nil: there are too many.
func (s *State) driver(id string) *Driver {
	d := s.drivers[id]
	if d == nil {
		if len(s.drivers) >= maxDrivers && !s.evict() {
			return nil
		}
		d = &Driver{Register: node.Register{NodeID: id}}
		s.drivers[id] = d
	}
	return d
}

// evict forgets a driver that has gone or was never heard.
func (s *State) evict() bool {
	for id, d := range s.drivers {
		if d.SeenAt.IsZero() || d.gone() {
			delete(s.drivers, id)
			return true
		}
	}
	return false
}

func (d *Driver) gone() bool {
	return d.Liveness == Lost || d.Liveness == Left || d.Liveness == Killed
}

// forgetDrivers forgets drivers that have long gone.
func (s *State) forgetDrivers() {
	for id, d := range s.drivers {
		if d.gone() && s.now.Sub(d.SeenAt) > silentFor {
			delete(s.drivers, id)
		}
	}
}

func (s *State) register(m *node.Register, at time.Time) {
	d := s.driver(m.NodeID)
	if d == nil {
		return
	}
	if d.registered.IsZero() || d.Register.BootID != m.BootID {
		d.registered = at
	}
	d.Register = *m
	for _, r := range s.runs {
		if c := r.Drivers[m.NodeID]; c != nil && c.Host == "" {
			c.Host = m.Host
		}
	}
}

// maxSeqJump limits the increase of a heartbeat's sequence number: a forged one would silence its driver.
const maxSeqJump = 100_000

func (s *State) heartbeat(m *node.Heartbeat, at time.Time) {
	d := s.driver(m.NodeID)
	switch {
	case d == nil:
	case d.Heartbeat.BootID == "":
		s.hear(d, m, at)
	case d.Heartbeat.BootID != m.BootID:
		if d.replaceable(at) {
			s.hear(d, m, at)
		} else {
			s.contend(d, m, at)
		}
	case m.Seq > d.Heartbeat.Seq && m.Seq-d.Heartbeat.Seq < maxSeqJump: // otherwise it is an old heartbeat that was stored late, possibly after the driver's last one
		s.hear(d, m, at)
	}
}

// hear handles the newest heartbeat of a driver.
func (s *State) hear(d *Driver, m *node.Heartbeat, at time.Time) {
	fresh, restarted, before := d.SeenAt.IsZero(), d.Heartbeat.BootID != m.BootID, d.Liveness
	if !fresh && !restarted && m.Lost > d.Heartbeat.Lost {
		s.dropped(m, m.Lost-d.Heartbeat.Lost, at)
	}
	d.Heartbeat, d.SeenAt, d.Liveness = *m, at, Alive
	if restarted {
		d.rival = nil
	}
	switch {
	case m.State == node.Gone:
		d.Liveness = Left
		if d.wasKilled() {
			d.Liveness = Killed
		}
	case fresh || restarted || before == Left:
		s.addEvent(nil, Event{At: d.began(at), Kind: EventJoined, NodeID: m.NodeID, Text: m.NodeID + " joined"})
	case before == Late || before == Lost || before == Killed:
		s.addEvent(s.carriedBy(m.NodeID), Event{At: at, Kind: EventBack, NodeID: m.NodeID, Text: m.NodeID + " is back"})
	}
	for _, a := range m.Answers {
		s.answer(m, a, at)
	}
	if r := s.runs[m.TestID]; r != nil && r.Drivers[m.NodeID] != nil && runs(m, r.ID) {
		s.contradict(r, r.Drivers[m.NodeID])
	}
	if m.State != node.Draining && m.State != node.Gone {
		d.exit.draining = ""
	}
	s.released(m, at)
	if m.State == node.Gone && before != d.Liveness && !fresh && d.Liveness == Left { // a kill is an event of its own
		s.reportExit(nil, d, at)
	}
	s.reopen(m, at)
}

func because(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

// dropped records that a driver has dropped snapshots: Kafka rejects them, or was unreachable for too long.
func (s *State) dropped(m *node.Heartbeat, n int64, at time.Time) {
	r := s.carriedBy(m.NodeID)
	if r == nil {
		return
	}
	c := r.Drivers[m.NodeID]
	if c.Dropped += n; c.Dropped == n {
		s.addEvent(r, Event{At: at, Kind: EventNote, NodeID: m.NodeID, Text: m.NodeID + " cannot report: Kafka rejects its snapshots, which are missing from all figures"})
	}
}

// answer handles a driver's answer to a configuration. After the start of the run only refusals matter, and
// only of the process that has the share and has sent nothing: another process with its name reads the start,
// too.
func (s *State) answer(m *node.Heartbeat, a node.Answer, at time.Time) {
	r := s.runs[a.TestID]
	if r == nil {
		return
	}
	c := r.Drivers[m.NodeID]
	if c == nil || c.Answer != nil && *c.Answer == a {
		return
	}
	started := !r.T0.IsZero()
	if started && (c.Seq > 0 || !c.Holds() || c.BootID != "" && c.BootID != m.BootID) {
		return
	}
	if started && at.After(r.T0) && a.Refuse != "" {
		if c.refusal == nil {
			c.refusal = &refusal{a, at}
		}
		return
	}
	c.Answer = &a
	if !started {
		c.ArmedBoot = m.BootID
	}
	if a.Refuse != "" && started { // before, the orchestrator waits for all answers and then says why it does not start the run
		s.tellRefusal(r, c, at)
	}
}

// released records that a driver is alive but no longer executes its share. Its last snapshot may have been
// read before the heartbeat that shows this, which may be its last and name no run.
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
				s.loseAt(s.drivers[m.NodeID].began(at), r, c, "its process was restarted")
			}
		case !c.Released && carries && (m.State == node.Draining || m.State == node.Gone):
			c.Released, c.Note = true, m.Note
			s.markKilled(s.drivers[m.NodeID])
			r.expect(int(at.Sub(r.T0) / time.Second))
			if d := s.drivers[m.NodeID]; !d.wasKilled() {
				s.reportExit(r, d, at)
			}
		}
	}
}

// Expecting reports whether heartbeats are expected: a driver is alive or late.
func (s *State) Expecting() bool {
	for _, d := range s.drivers {
		if !d.SeenAt.IsZero() && (d.Liveness == Alive || d.Liveness == Late) {
			return true
		}
	}
	return false
}

// watch updates the liveness of drivers.
func (s *State) watch(now time.Time) {
	for _, d := range s.drivers {
		if d.SeenAt.IsZero() || d.Liveness == Left || d.Liveness == Killed {
			continue
		}
		heard := d.SeenAt
		if s.since.After(heard) {
			heard = s.since
		}
		silent := now.Sub(heard)
		switch {
		case s.succeed(d, now):
		case d.wasKilled() && now.Sub(d.killed.at) >= KillAnswer:
			s.endKilled(d)
		case s.behind: // the heartbeats that break the silence may not be read yet
		case silent >= LostAfter && d.Liveness != Lost:
			d.Liveness = Lost
			s.lost(d, silent)
		case silent >= LateAfter && d.Liveness == Alive:
			d.Liveness = Late
			s.addEvent(s.carriedBy(d.NodeID), Event{Kind: EventLate, NodeID: d.NodeID, Text: fmt.Sprintf("%s is late: no heartbeat for %.1fs", d.NodeID, silent.Seconds())})
		}
	}
}

func (s *State) lost(d *Driver, silent time.Duration) {
	reported := false
	for _, id := range s.order {
		r := s.runs[id]
		switch c := r.Drivers[d.NodeID]; {
		case c == nil:
		case r.Active() && !c.Final && c.LostAt == 0:
			s.lose(r, c, fmt.Sprintf("no heartbeat for %.1fs", silent.Seconds()))
			reported = true
		case c.LostAt > 0 && d.SeenAt.Before(r.T0.Add(c.LostAt)): // a plan named the loss first
			reported = true
		}
	}
	if !reported {
		s.addEvent(nil, Event{Kind: EventLost, NodeID: d.NodeID, Text: fmt.Sprintf("%s is lost: no heartbeat for %.1fs", d.NodeID, silent.Seconds())})
	}
}

func (s *State) lose(r *Run, c *Carrier, why string) { s.loseAt(s.now, r, c, why) }

// loseAt is like lose, at a given time.
func (s *State) loseAt(at time.Time, r *Run, c *Carrier, why string) {
	c.LostAt = max(s.now.Sub(r.T0), time.Microsecond)
	c.HeardAt, c.LostWhy = c.LostAt-LostAfter, why
	r.expect(int(c.LastEnd / time.Second))
	s.addEvent(r, Event{At: at, Kind: EventLost, NodeID: c.NodeID, Text: c.NodeID + " is lost: " + why})
}

// loseAs records a loss that a plan names, at the time at which its orchestrator found it: all processes show it at the same time, whether or
// not they have found it themselves.
func (s *State) loseAs(r *Run, l node.Loss) {
	c := s.carrier(r, l.NodeID)
	at := max(time.Duration(l.AtUS)*time.Microsecond, time.Microsecond)
	if c.LostAt == 0 {
		c.HeardAt = at - LostAfter
	}
	c.LostAt, c.LostWhy = at, l.Reason
	found := func(e Event) bool { return e.Kind == EventLost && e.NodeID == l.NodeID && e.TestID == r.ID }
	r.Events, s.events = slices.DeleteFunc(r.Events, found), slices.DeleteFunc(s.events, found)
	r.expect(int(c.LastEnd / time.Second))
	s.addEvent(r, Event{At: r.T0.Add(at), Kind: EventLost, NodeID: l.NodeID, Text: l.NodeID + " is lost: " + l.Reason})
}

// carriedBy returns the active run in which a driver has a share; nil: none.
func (s *State) carriedBy(nodeID string) *Run {
	for _, r := range s.runs {
		if c := r.Drivers[nodeID]; c != nil && r.Active() && !c.Final && c.LostAt == 0 {
			return r
		}
	}
	return nil
}
