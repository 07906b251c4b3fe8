package fleet

import (
	"cmp"
	"fmt"
	"time"

	"landfall/node"
)

// maxT0Off limits the distance of T0 from its record's append time.
const maxT0Off = time.Minute

func (s *State) trigger(m *node.Trigger, at time.Time) error {
	if repeat, forged := s.repeated(m); repeat {
		if forged {
			s.addEvent(s.runs[m.TestID], Event{At: at, Kind: EventNote, By: m.By, Text: fmt.Sprintf("ignored %s by %s: it has the id of an earlier record", m.Action, m.By)})
		}
		return nil
	}
	if m.Action == node.Kill {
		s.kill(m, at)
		return nil
	}
	r := s.run(m.TestID)
	if m.Over {
		if r.Active() && !s.behind {
			r.over, r.overAt = m, at
		}
		return nil
	}
	if err := s.objection(r, m, at); err != nil {
		s.ignored[m.ID] = true
		return err
	}
	r.Conductor, r.Epoch = r.helm.Conductor, r.helm.Epoch
	if m.Action == node.Start || m.Action == node.Adopt {
		r.HelmBy, r.HelmAt = m.By, at
	}
	s.steer(r, m, at)
	if m.Action == node.Start {
		s.replayPending(r.ID)
	}
	return nil
}

// objection returns the reason to ignore a record about a run; nil if it is valid.
func (s *State) objection(r *Run, m *node.Trigger, at time.Time) error {
	waiting := r.Phase == Configured || r.Phase == Refused && r.T0.IsZero()
	if m.Action == node.Start {
		if off := time.UnixMicro(m.T0US).Sub(at); off.Abs() > maxT0Off {
			return errUnknown(string(m.Action), m.ID, fmt.Sprintf("T0 of %s is %.0f s off its record's time: at most %.0f", m.TestID, off.Seconds(), maxT0Off.Seconds()))
		}
	}
	if !r.helm.Accept(m) {
		return errUnknown(string(m.Action), m.ID, fmt.Sprintf("%s does not control %s", m.Conductor, m.TestID))
	}
	if m.Action != node.Start && m.Action != node.Stop && waiting {
		return errUnknown(string(m.Action), m.ID, m.TestID+" was not started")
	}
	if p := r.Plan(); p != nil && m.Plan != nil && m.Plan.Seq <= p.Seq {
		return errUnknown(string(m.Action), m.ID, fmt.Sprintf("plan %d of %s is already in effect", p.Seq, m.TestID))
	}
	return nil
}

// steer applies a record that changes a run, and adds the event.
func (s *State) steer(r *Run, m *node.Trigger, at time.Time) {
	e := Event{At: at, By: m.By}
	switch m.Action {
	case node.Start:
		r.Phase, r.T0, r.By = Started, time.UnixMicro(m.T0US), m.By
		s.plan(r, *m.Plan)
		e.Kind, e.Text = EventStarted, fmt.Sprintf("%s was started on %s by %s", r.ID, drivers(len(m.Plan.Shares)), m.By)
	case node.Adjust:
		s.plan(r, *m.Plan)
		e.Kind, e.Text = EventAdjusted, cmp.Or(m.Reason, "the plan was changed by "+m.By)
	case node.Pause:
		r.pausedPlan = len(r.Plans) - 1
		s.plan(r, *m.Plan)
		r.Paused, e.Kind, e.Text = true, EventPaused, r.ID+" was paused by "+m.By
	case node.Resume:
		s.plan(r, *m.Plan)
		r.Paused, e.Kind, e.Text = false, EventResumed, r.ID+" was resumed by "+m.By
	case node.Adopt:
		e.Kind, e.Text = EventAdopted, m.By+" took control"
	case node.Stop:
		if r.T0.IsZero() {
			if r.StopBy == "" {
				s.refuse(r, m, at)
			}
			return
		}
		if r.StopBy != "" || !r.Active() {
			if r.StopAt.IsZero() { // its report was read before
				r.StopAt = at
			}
			return
		}
		r.Phase, r.StopBy, r.StopWhy, r.StopAt, r.Aborted = Draining, m.By, m.Reason, at, m.Aborted
		e.Kind, e.Text = EventStopped, r.ID+" was stopped by "+m.By+because(m.Reason)
	}
	s.addEvent(r, e)
}

// settleOver decides about a record that declares the end of the run: drivers execute it as a stop, so it
// counts as one unless the run's own records confirm the end soon.
func (s *State) settleOver(r *Run) {
	if r.over == nil || s.now.Sub(r.overAt) < claimPatience {
		return
	}
	if !r.Ended(s.now) {
		s.steer(r, r.over, r.overAt)
	}
	r.over = nil
}
