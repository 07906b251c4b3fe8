package fleet

import (
	"encoding/json"
	"slices"
	"time"

	"landfall/node"
)

// claim is a report that was written although the run's records show that it has not ended.
type claim struct {
	report   []byte
	at       time.Time
	accepted bool // accepted before a driver was heard that still executes the run
	reported bool
}

const (
	// claimPatience is how far a report may be read ahead of the records of its run.
	claimPatience = 3 * time.Second
	// claimSlack is how long before the end of the last snapshot a genuine report may be written.
	claimSlack = 2 * time.Second
	// othersKept is the number of further reports of an earlier run that are considered.
	othersKept = 4
)

// result accepts a report if the run has ended according to its own records. Otherwise anyone who can write
// reports could end any run on all screens while its load continues.
func (s *State) result(m *node.Result, at time.Time) {
	r := s.run(m.TestID)
	switch {
	case r.Report != nil:
		if s.behind && len(r.others) < othersKept {
			r.others = append(r.others, claim{report: m.Report, at: at})
		}
	case r.Active() && !s.behind && !r.stoppedBefore(at) && !r.Ended(later(s.now, at)):
		r.claim = &claim{report: m.Report, at: at}
	default:
		s.finish(r, m.Report, at)
	}
}

// preferGenuine replaces the report of an earlier run by a later one if the first was written before the run can have ended and the
// later one was not. The snapshots of an earlier run, which would show this too, may not have been read.
func (s *State) preferGenuine(r *Run) {
	others := r.others
	r.others = nil
	if r.Report == nil || !r.before(r.reportAt) {
		return
	}
	for _, o := range others {
		if !r.before(o.at) {
			r.Report, r.reportAt, r.EndedAt = o.report, o.at, o.at
			s.addEvent(r, Event{At: o.at, Kind: EventNote, Text: "a report of " + r.ID + " was written before the run had ended: it is ignored"})
			return
		}
	}
}

// before reports whether a time is before the end of the run according to its plan and records. It returns false for a run that is
// limited by a number of requests.
func (r *Run) before(at time.Time) bool {
	p := r.Plan()
	if p == nil || p.UntilUS == 0 || r.T0.IsZero() || !r.StopAt.IsZero() && !at.Before(r.StopAt) {
		return false
	}
	return at.Before(r.T0.Add(time.Duration(p.UntilUS)*time.Microsecond - claimSlack))
}

func (r *Run) stoppedBefore(at time.Time) bool { return r.StopBy != "" && !at.Before(r.StopAt) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *State) finish(r *Run, report []byte, at time.Time) {
	r.compute()
	r.Report, r.reportAt, r.Phase, r.claim = report, at, Finished, nil
	if r.EndedAt.IsZero() {
		r.EndedAt = at
	}
	r.forget()
	s.forgetPoints()
	s.pointsOf = r
	if !s.behind { // otherwise once all topics were read
		s.takeReported(r)
	}
	s.addEvent(r, Event{At: at, Kind: EventFinished, Text: r.ID + " finished"})
}

// forget releases what the report now contains.
func (r *Run) forget() {
	for n := range r.Intervals.Len() {
		r.Intervals.change(n, r.Warmup(), func(i *Interval) { i.live, i.lag, i.packed, i.Parts = nil, nil, nil, nil })
	}
	r.Intervals.packOld(0, r.Warmup())
}

// forgetPoints releases the intervals of each driver of the newest finished run, which are kept until the next run.
func (s *State) forgetPoints() {
	if s.pointsOf != nil {
		for _, c := range s.pointsOf.Drivers {
			c.Points = nil
		}
	}
	s.pointsOf = nil
}

// settleClaim accepts a report once the run has ended, unless it was written long before.
func (s *State) settleClaim(r *Run) {
	c := r.claim
	switch {
	case c == nil:
	case r.Ended(s.now):
		s.acceptClaim(r)
	case !c.reported && s.now.Sub(c.at) > claimPatience && !s.backlogged():
		c.reported = true
		s.addEvent(r, Event{Kind: EventNote, Text: "a report of " + r.ID + " was written although it is running: it is ignored"})
	}
}

// acceptClaim accepts the report of a run that has ended, unless it was written long before.
func (s *State) acceptClaim(r *Run) {
	c := r.claim
	r.claim = nil
	if c.accepted || r.stoppedBefore(c.at) || !c.at.Before(r.T0.Add(r.lastEnd()-claimSlack)) {
		s.finish(r, c.report, c.at)
	}
}

// lastEnd returns the end of the last reported interval, since T0.
func (r *Run) lastEnd() (end time.Duration) {
	for _, c := range r.Drivers {
		end = max(end, c.LastEnd)
	}
	return end
}

// reopen reopens a run whose report was accepted although a driver still executes it.
func (s *State) reopen(m *node.Heartbeat, at time.Time) {
	r := s.runs[m.TestID]
	if r == nil || r.Report == nil || r.T0.IsZero() || m.State != node.Running && m.State != node.Paused || at.Sub(r.EndedAt) < LostAfter {
		return
	}
	c, plan := r.Drivers[m.NodeID], r.Plan()
	over := plan != nil && plan.UntilUS > 0 && at.Sub(r.T0).Microseconds() > plan.UntilUS
	if c == nil || !c.Planned || c.LostAt > 0 || c.Final || over {
		return
	}
	if s.pointsOf == r {
		s.pointsOf = nil
	}
	r.claim = &claim{report: r.Report, at: r.EndedAt, accepted: true, reported: true}
	r.Report, r.EndedAt, r.Phase, r.told = nil, time.Time{}, Started, false
	if r.StopBy != "" {
		r.Phase = Draining
	}
	s.addEvent(r, Event{At: at, Kind: EventNote, NodeID: m.NodeID, Text: "a report of " + r.ID + " was written although " + m.NodeID + " is running it: it is ignored"})
}

// Carried reports whether a living driver reports that it executes a run.
func (s *State) Carried(testID string) bool {
	for _, d := range s.drivers {
		h := &d.Heartbeat
		if h.TestID == testID && (d.Liveness == Alive || d.Liveness == Late) && (h.State == node.Running || h.State == node.Paused || h.State == node.Draining) {
			return true
		}
	}
	return false
}

// Limits of the reports whose events are read at the start, the newest ones, and of a report.
const (
	reportsRead     = 20
	reportBytesRead = 32 << 20
	reportObjects   = 250_000
	reportValues    = 5_000_000
	longestRun      = 8 * 24 * time.Hour
)

// takeNewestEvents takes the events of the newest runs from their reports.
func (s *State) takeNewestEvents() {
	bytes, read := 0, 0
	for _, id := range slices.Backward(s.order) {
		r := s.runs[id]
		if bytes += len(r.Report); read == reportsRead || bytes > reportBytesRead {
			return
		}
		if r.Report != nil {
			s.takeReported(r)
			read++
		}
	}
}

// takeReported replaces the events of a run by those of its report, so that all processes show the same: some events, such as losses, follow
// from heartbeats and snapshots that later processes do not read.
func (s *State) takeReported(r *Run) {
	events := reportedEvents(r)
	if len(events) == 0 {
		return
	}
	replaced := func(e Event) bool { return e.TestID == r.ID && r.toldBy(e) }
	r.Events, s.events = slices.DeleteFunc(r.Events, replaced), slices.DeleteFunc(s.events, replaced)
	for _, e := range events {
		r.Events, s.events = insert(r.Events, e), insert(s.events, e)
	}
	r.Events, s.events = newest(r.Events), newest(s.events)
	r.told = true
}

// toldBy reports whether an event of the run belongs to its report.
func (r *Run) toldBy(e Event) bool { return e.Kind != EventFinished && !e.At.After(r.reportAt) }

// newest returns the newest events, as many as are kept.
func newest(list []Event) []Event { return slices.Delete(list, 0, max(0, len(list)-eventsKept)) }

// reportedEvents returns the events in a run's report, the newest ones.
func reportedEvents(r *Run) (list []Event) {
	var report struct {
		StartedAtMS int64 `json:"started_at_ms"`
		Intervals   []struct {
			Events []struct {
				AtMS   int64     `json:"at_ms"`
				Kind   EventKind `json:"kind"`
				NodeID string    `json:"node_id"`
				By     string    `json:"by"`
				Text   string    `json:"text"`
			} `json:"events"`
		} `json:"intervals"`
	}
	if node.CheckStructure(r.Report, reportObjects, reportValues) != nil || json.Unmarshal(r.Report, &report) != nil {
		return nil
	}
	t0 := r.T0
	if t0.IsZero() {
		t0 = time.UnixMilli(report.StartedAtMS)
	}
	for _, in := range report.Intervals {
		for _, e := range in.Events {
			at := t0.Add(time.Duration(e.AtMS) * time.Millisecond)
			if !at.After(r.reportAt) && r.reportAt.Sub(at) < longestRun {
				list = append(list, Event{
					At: at, Kind: EventKind(node.Clean(string(e.Kind), 24)), NodeID: node.Clean(e.NodeID, 64), TestID: r.ID, By: node.Clean(e.By, 240), Text: node.Clean(e.Text, 400),
				})
			}
		}
	}
	return newest(list)
}
