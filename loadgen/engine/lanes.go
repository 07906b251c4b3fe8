package engine

import (
	"time"

	"landfall/loadgen"
)

// lane is a loop's part of one load: that of the spec, or that of one scenario.
type lane struct {
	scenario int  // index of the scenario; -1: drawn by weight for each iteration
	held     bool // closed model: a number of concurrent users
	schedule loadgen.Schedule
	pace     int64 // minimum time between the starts of a user's iterations
	first    int   // closed model: number in the fleet of this loop's first user in the lane
	alive    int
}

// setLanes sets the lanes of a share. Lanes keep their users.
func (s *users) setLanes(share *loadgen.Share) {
	spec, before := &s.loop.engine.spec, s.lanes
	s.lanes = nil
	if len(share.Loads) != len(spec.Scenarios) || len(share.Loads) == 0 {
		s.lanes = append(s.lanes, lane{scenario: -1, held: s.loop.pacers[0].Closed, schedule: share.Schedule, pace: int64(spec.Pace), first: s.first})
	} else {
		for i, load := range share.Loads {
			s.lanes = append(s.lanes, lane{scenario: i, held: load.Held, schedule: load.Schedule, pace: int64(spec.Scenarios[i].Pace), first: (s.first + i) % s.step})
		}
	}
	for i := range min(len(before), len(s.lanes)) {
		s.lanes[i].alive = before[i].alive
	}
}

// part returns how many of the fleet's users 0 … n-1 of a lane belong to this loop.
func (s *users) part(a *lane, n int) int {
	return int(loadgen.PartOf(int64(n), int64(a.first), int64(s.step)))
}

// maxHeld returns the maximum number of concurrent users of the closed lanes.
func (s *users) maxHeld() (n int) {
	for i := range s.lanes {
		if a := &s.lanes[i]; a.held {
			n += s.part(a, int(a.schedule.Peak()))
		}
	}
	return n
}

// holding reports whether numbers of users are maintained now: the share has started and not ended.
func (s *users) holding() bool {
	l := s.loop
	p := l.pacers[0]
	return !p.Idle && !l.spent && p.Share.Connections > 0 && l.now >= int64(p.Share.From) && l.now < p.End &&
		(len(l.pacers) == 1 || l.now < int64(l.pacers[1].Share.From))
}

// want returns the number of users that a lane should have now.
func (s *users) want(a *lane) int {
	n := a.schedule.Rate(time.Duration(s.loop.now - int64(s.loop.pacers[0].Share.From)))
	return min(s.part(a, int(n+1e-6)), s.limit)
}

// replenish starts users up to the current numbers of the closed lanes.
func (s *users) replenish() {
	if !s.holding() {
		return
	}
	for i := range s.lanes {
		for a := &s.lanes[i]; a.held && a.alive < s.want(a) && len(s.all) < s.limit; {
			if !s.mayBegin() {
				return
			}
			s.begin(s.enter(i), s.loop.now)
		}
	}
}

// arrived returns the number of active users that were started at a rate.
func (s *users) arrived() int {
	n := len(s.all)
	for i := range s.lanes {
		if s.lanes[i].held {
			n -= s.lanes[i].alive
		}
	}
	return n
}

// full reports whether the maximum number of users is reached, so that due users have to wait.
func (s *users) full() bool { return s.arrived() >= s.arrivals || len(s.all) >= s.limit }

// countAlive counts the users of each scenario.
func (s *users) countAlive() {
	list := s.loop.stats.users.scenarios
	if list == nil {
		return
	}
	for _, u := range s.all {
		list[u.scenario].alive++
	}
}

// dropped counts the next due user as dropped.
func (s *users) dropped() {
	if s == nil {
		return
	}
	if p := s.loop.pacers[0]; p.Parted() && s.loop.stats.users.scenarios != nil {
		s.loop.stats.users.scenarios[p.Part].dropped++
	}
}

// ramping is the interval at which users are started while their number grows.
const ramping = int64(5 * time.Millisecond)

// growsAt returns the next time at which users may have to be started.
func (s *users) growsAt() int64 {
	at := never
	if !s.holding() {
		return at
	}
	for i := range s.lanes {
		if s.lanes[i].held {
			at = min(at, s.changesAt(&s.lanes[i]))
		}
	}
	return at
}

// changesAt returns the next time at which a lane's number of users may change.
func (s *users) changesAt(a *lane) int64 {
	end := int64(s.loop.pacers[0].Share.From)
	for i, stage := range a.schedule {
		end += int64(stage.Duration)
		switch {
		case s.loop.now >= end:
		case a.schedule.Flat(i):
			return end
		default:
			return min(s.loop.now+ramping, end)
		}
	}
	return never
}
