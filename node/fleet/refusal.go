package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// refusal is a driver's refusal after T0. It stops the run for all drivers, and without fleet keys anyone who
// can write heartbeats can forge it. Therefore it counts only after the driver has had time to contradict it,
// by a snapshot or by a heartbeat that reports the run. Before T0, no load is lost, and a refusal counts at
// once.
type refusal struct {
	answer node.Answer
	at     time.Time
}

// refusalGrace is the time to contradict a refusal: a heartbeat arrives within a second, the first snapshot
// within two.
const refusalGrace = 2500 * time.Millisecond

// confirm accepts refusals that were not contradicted.
func (s *State) confirm(r *Run) {
	if !r.Active() {
		return
	}
	for _, id := range r.Config.Drivers {
		c := r.Drivers[id]
		if c == nil || c.refusal == nil || s.now.Sub(c.refusal.at) < refusalGrace {
			continue
		}
		c.Answer, c.refusal = &c.refusal.answer, nil
		s.tellRefusal(r, c)
	}
}

func (s *State) tellRefusal(r *Run, c *Carrier) {
	s.addEvent(r, Event{Kind: EventRefused, NodeID: c.NodeID, Text: c.NodeID + " refuses: " + c.Answer.Refuse})
}

// contradict drops a refusal: the driver executes its share after all.
func (s *State) contradict(r *Run, c *Carrier) {
	if c.refusal == nil {
		return
	}
	c.refusal = nil
	if !c.contradicted {
		c.contradicted = true
		s.addEvent(r, Event{Kind: EventNote, NodeID: c.NodeID, Text: fmt.Sprintf("a refusal of %s is ignored, because %s runs it: another process may be writing heartbeats (see `landfall key`)", r.ID, c.NodeID)})
	}
}

// runs reports whether a heartbeat shows that the driver executes a run, and does not refuse it at the same
// time.
func runs(m *node.Heartbeat, testID string) bool {
	for _, a := range m.Answers {
		if a.TestID == testID && a.Refuse != "" {
			return false
		}
	}
	return m.TestID == testID && (m.State == node.Running || m.State == node.Paused || m.State == node.Draining)
}
