package fleet

import (
	"fmt"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// reportGrace is how long after its end a run without a report counts as finished.
const reportGrace = 10 * time.Second

func newRun(id string) *Run {
	return &Run{
		ID: id, Phase: Configured, Drivers: map[string]*Carrier{}, Named: map[string]*loadgen.Named{}, Classes: map[string]*loadgen.Times{}, stale: map[int]bool{},
		Latency: hdr.New(), Service: hdr.New(), Lag: hdr.New(), Handshake: hdr.New(),
	}
}

// Active reports whether the run was triggered and has not ended.
func (r *Run) Active() bool { return r.Phase == Started || r.Phase == Draining }

// Plan returns the current plan; nil before the start.
func (r *Run) Plan() *node.Plan {
	if len(r.Plans) == 0 {
		return nil
	}
	return &r.Plans[len(r.Plans)-1]
}

// Unpaused returns the plan that a pause replaced, or the current one.
func (r *Run) Unpaused() *node.Plan {
	if r.Paused {
		return &r.Plans[r.pausedPlan]
	}
	return r.Plan()
}

// Ended reports whether all drivers have finished the run.
func (r *Run) Ended(now time.Time) bool {
	if !r.Active() || now.Before(r.T0) {
		return false
	}
	for _, c := range r.Drivers {
		if r.carrying(c, now) {
			return false
		}
	}
	return true
}

// carrying reports whether load or reports of a driver are still expected.
func (r *Run) carrying(c *Carrier, now time.Time) bool {
	switch {
	case !c.Planned || c.LostAt > 0 || c.Refused():
		return false
	case !c.Final:
		return true
	case c.Released || r.StopBy != "":
		return false
	}
	plan := r.Plan()
	if plan.UntilUS > 0 && now.Sub(r.T0).Microseconds() > plan.UntilUS {
		return false
	}
	quota := plan.Quota(c.NodeID)
	return quota > 0 && c.Begun < quota
}

// endSlack is how long before its plan's end a driver's clock may have shown the end.
const endSlack = 50 * time.Millisecond

// done reports whether a driver has executed its share to its planned end; a draining driver ends earlier.
func (r *Run) done(c *Carrier) bool {
	plan := r.Plan()
	if !c.Final || plan == nil {
		return false
	}
	quota := plan.Quota(c.NodeID)
	until := time.Duration(plan.UntilUS) * time.Microsecond
	return quota > 0 && c.Begun >= quota || until > 0 && c.LastEnd+endSlack >= until
}

// Refused reports whether the driver refused its share.
func (c *Carrier) Refused() bool { return c.Answer != nil && c.Answer.Refuse != "" }

// Holds reports whether the next plan can include the driver.
func (c *Carrier) Holds() bool { return c.LostAt == 0 && !c.Released && !c.Refused() }

func (s *State) config(m *node.Config, at time.Time) {
	r := s.run(m.TestID)
	if !r.ConfigAt.IsZero() {
		return
	}
	r.Config, r.Spec, r.ConfigAt, r.By = *m, m.Spec.Redacted(), at, m.By // only drivers need the secrets
	s.reorder(r)
	r.Config.Spec = r.Spec
	r.wanted, r.settled.never = wantedParts(r.Spec), needsSeconds(r.Spec)
	for _, id := range m.Drivers {
		s.carrier(r, id)
	}
}

func (s *State) carrier(r *Run, nodeID string) *Carrier {
	c := r.Drivers[nodeID]
	if c == nil {
		c = &Carrier{NodeID: nodeID, Latency: hdr.New()}
		if d := s.drivers[nodeID]; d != nil {
			c.Host, c.Labels = d.Host, labelsOf(d)
		}
		r.Drivers[nodeID] = c
	}
	return c
}

func drivers(n int) string {
	if n == 1 {
		return "1 driver"
	}
	return fmt.Sprintf("%d drivers", n)
}

func (s *State) plan(r *Run, p node.Plan) {
	r.Plans = append(r.Plans, p)
	for _, share := range p.Shares {
		c := s.carrier(r, share.NodeID)
		c.Planned = true
		if c.BootID == "" {
			c.BootID = share.BootID
		}
	}
	for _, l := range p.Lost {
		s.loseAs(r, l)
	}
	r.expect(int(p.FromUS / 1e6))
}

// settle ends runs whose drivers or orchestrator have fallen silent.
func (s *State) settle(r *Run) {
	s.settleRefused(r)
	if !r.Active() || s.behind {
		return
	}
	s.settleDrivers(r)
	s.settleOver(r)
	s.settleClaim(r)
	s.settleEnd(r)
}

// settleDrivers finds drivers that no longer execute the run without having reported its end. If the run's report has been read, they have
// reported to the orchestrator that wrote it.
func (s *State) settleDrivers(r *Run) {
	executed := false
	for _, c := range r.Drivers {
		if !r.carrying(c, s.now) {
			continue
		}
		why, d := "", s.drivers[c.NodeID]
		switch {
		case d == nil || d.SeenAt.IsZero():
			if s.now.Sub(s.began) > LostAfter || r.overByPlan(s.now) {
				s.loseUnheard(r, c)
			}
			continue
		case d.Liveness == Alive && s.forgot(r, c, d):
			why = "it no longer knows the run"
		case (d.Liveness == Left || d.Liveness == Killed) && s.now.Sub(d.SeenAt) > LostAfter:
			why = "it left without its last report"
		default:
			executed = true
		}
		if why != "" && r.claim == nil && !s.backlogged() {
			s.lose(r, c, why)
		}
	}
	if r.claim != nil && !executed && !r.Ended(s.now) {
		s.acceptClaim(r)
	}
}

const (
	// oldFrom is how long after its time a snapshot is read if a backlog is being read.
	oldFrom = 2 * time.Second
	// backlogGrace is how long after an outage of the broker snapshots may still be unread.
	backlogGrace = 30 * time.Second
)

// backlogged reports whether snapshots that were written before the newest heartbeats may not have been read yet: topics are read
// concurrently.
func (s *State) backlogged() bool {
	return s.behind || s.now.Sub(s.since) < backlogGrace || s.now.Sub(s.oldRead) < LostAfter
}

// settleEnd records when the run ended, and finishes the run if its report is overdue.
func (s *State) settleEnd(r *Run) {
	if !r.Active() {
		return
	}
	if !r.Ended(s.now) {
		r.EndedAt = time.Time{}
		return
	}
	if r.EndedAt.IsZero() {
		r.EndedAt = s.endOf(r)
	}
	watched := s.now.Sub(s.began) > reportGrace || r.overByPlan(s.now)
	if !watched || s.now.Sub(r.EndedAt) <= reportGrace {
		return
	}
	r.Phase = Finished
	if r.StopBy != "" && r.Total.Requests == 0 && r.anyRefused() {
		r.Phase = Refused // before any request
		return
	}
	s.addEvent(r, Event{At: r.EndedAt, Kind: EventNote, Text: r.ID + " ended without a report: " + r.Unreported()})
}

// endOf returns when a run ended: now or, if it ended before this process started, with its last snapshot. If all snapshots have expired,
// it is the end of its plan.
func (s *State) endOf(r *Run) time.Time {
	end := r.lastEnd()
	if end == 0 && r.overByPlan(s.now) {
		end = time.Duration(r.Plan().UntilUS) * time.Microsecond
	}
	if at := r.T0.Add(end); end > 0 && s.began.Sub(at) > reportGrace {
		return at
	}
	return s.now
}

// Unreported returns why a finished run has no report; "": it has one, or one may still be written.
func (r *Run) Unreported() string {
	if r.Phase != Finished || r.Report != nil || r.T0.IsZero() {
		return ""
	}
	return "its orchestrator (" + r.HelmBy + ") stopped before the end, or could not write to Kafka"
}

// overByPlan reports whether the plan ended so long ago that no request can be in flight.
func (r *Run) overByPlan(now time.Time) bool {
	p := r.Plan()
	if p == nil || p.UntilUS == 0 {
		return false
	}
	longest := r.Spec.OrphanTimeout.Std() + r.Spec.Patience.Std() + r.Spec.Timeout.Std()
	return now.Sub(r.T0) > time.Duration(p.UntilUS)*time.Microsecond+longest
}

// loseUnheard marks a driver without any heartbeat as lost: it was lost before this process started, at some time after its last snapshot.
func (s *State) loseUnheard(r *Run, c *Carrier) {
	why := "there is no snapshot of it"
	if c.LastEnd > 0 {
		why = fmt.Sprintf("its last snapshot ends at %.1fs", c.LastEnd.Seconds())
	}
	s.loseAt(r.T0.Add(c.LastEnd), r, c, why)
}

func (r *Run) anyRefused() bool {
	for _, c := range r.Drivers {
		if c.Refused() {
			return true
		}
	}
	return false
}

// forgot reports whether a living driver has nothing to do with a run that waits for it, and nothing left to
// send.
func (s *State) forgot(r *Run, c *Carrier, d *Driver) bool {
	h := d.Heartbeat
	idle := h.State == node.Idle || (h.TestID != "" && h.TestID != r.ID)
	heard := r.T0.Add(max(c.LastEnd, 0))
	return idle && h.OutboxLen == 0 && d.SeenAt.Sub(heard) > LostAfter && s.now.Sub(heard) > LostAfter && !c.Final
}
