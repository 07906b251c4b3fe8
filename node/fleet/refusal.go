package fleet

import (
	"fmt"
	"time"

	"landfall/node"
)

// Refusal is a driver's reason to refuse a run.
type Refusal struct{ NodeID, Reason string }

func (r Refusal) String() string { return r.NodeID + " refuses: " + r.Reason }

// RefusalLines returns refusals as sentences, those for the same reason as one: the first of each reason in the given order. of is the
// number of drivers that were asked.
func RefusalLines(refusals []Refusal, of int) (lines []string) {
	counts := map[string]int{}
	for _, r := range refusals {
		counts[r.Reason]++
	}
	for _, r := range refusals {
		switch n := counts[r.Reason]; n {
		case 0:
			continue
		case 1:
			lines = append(lines, r.String())
		default:
			lines = append(lines, fmt.Sprintf("%d of %d drivers refuse: %s", n, of, r.Reason))
		}
		counts[r.Reason] = 0
	}
	return lines
}

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
		at := c.refusal.at
		c.Answer, c.refusal = &c.refusal.answer, nil
		s.tellRefusal(r, c, at)
	}
}

func (s *State) tellRefusal(r *Run, c *Carrier, at time.Time) {
	s.addEvent(r, Event{At: at, Kind: EventRefused, NodeID: c.NodeID, Text: c.NodeID + " refuses: " + c.Answer.Refuse})
}

// refuse records that a run was not started, and why.
func (s *State) refuse(r *Run, m *node.Trigger, at time.Time) {
	r.Phase, r.StopBy, r.StopWhy, r.StopAt = Refused, m.By, m.Reason, at
	s.addEvent(r, Event{At: at, Kind: EventRefused, By: m.By, Text: r.ID + " was not started" + because(m.Reason)})
}

// settleRefused gives up a run that drivers refused, if no record says so: its orchestrator died.
func (s *State) settleRefused(r *Run) {
	if r.Phase != Configured || s.now.Sub(r.ConfigAt) < armingFor || !r.anyRefused() {
		return
	}
	r.Phase = Refused
	for _, id := range r.Config.Drivers {
		if c := r.Drivers[id]; c.Refused() {
			s.tellRefusal(r, c, r.ConfigAt)
		}
	}
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
