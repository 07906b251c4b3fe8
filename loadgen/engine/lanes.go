package engine

import (
	"time"

	"landfall/loadgen"
)

// lane is one of the loads that a loop's users are of: that of the spec, or that of one of its scenarios.
type lane struct {
	scenario int  // whose load it is; -1: each iteration's is drawn by weight
	held     bool // closed model: users are held at a number
	schedule loadgen.Schedule
	pace     int64 // least time from an iteration to the next
	first    int   // closed model: the fleet's number of this loop's first user of the lane
	alive    int
}

// setLanes makes the lanes those of a share, and keeps how many users each has.
func (s *users) setLanes(share *loadgen.Share) {
	spec, before := &s.loop.engine.spec, s.lanes
	s.lanes = nil
	if len(share.Loads) != len(spec.Scenarios) || len(share.Loads) == 0 {
		s.lanes = append(s.lanes, lane{scenario: -1, held: s.loop.pacers[0].closed, schedule: share.Schedule, pace: int64(spec.Pace), first: s.first})
	} else {
		for i, load := range share.Loads {
			s.lanes = append(s.lanes, lane{scenario: i, held: load.Held, schedule: load.Schedule, pace: int64(spec.Scenarios[i].Pace), first: (s.first + i) % s.step})
		}
	}
	for i := range min(len(before), len(s.lanes)) {
		s.lanes[i].alive = before[i].alive
	}
}

// part is how many of the fleet's users 0 … n-1 of a lane are this loop's.
func (s *users) part(a *lane, n int) int {
	return int(loadgen.PartOf(int64(n), int64(a.first), int64(s.step)))
}

// mostHeld is how many users the lanes hold at most.
func (s *users) mostHeld() (n int) {
	for i := range s.lanes {
		if a := &s.lanes[i]; a.held {
			n += s.part(a, int(a.schedule.Peak()))
		}
	}
	return n
}

// holding tells whether users are to be held now: the share holds, and nothing has ended it.
func (s *users) holding() bool {
	l := s.loop
	p := l.pacers[0]
	return !p.idle && !l.spent && p.share.Connections > 0 && l.now >= int64(p.share.From) && l.now < p.end &&
		(len(l.pacers) == 1 || l.now < int64(l.pacers[1].share.From))
}

// want is how many users a lane should hold now.
func (s *users) want(a *lane) int {
	n := a.schedule.Rate(time.Duration(s.loop.now - int64(s.loop.pacers[0].share.From)))
	return min(s.part(a, int(n+1e-6)), s.limit)
}

// replenish starts users up to the numbers that are asked for now.
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

// arrived is how many users there are that were started at a rate.
func (s *users) arrived() int {
	n := len(s.all)
	for i := range s.lanes {
		if s.lanes[i].held {
			n -= s.lanes[i].alive
		}
	}
	return n
}

// full tells whether no user that is due may start: there are as many as may be.
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

// dropped counts the user that is due next as one that is not started.
func (s *users) dropped() {
	if s == nil {
		return
	}
	if p := s.loop.pacers[0]; p.parts != nil && s.loop.stats.users.scenarios != nil {
		s.loop.stats.users.scenarios[p.part].dropped++
	}
}

// ramping is how often the number of users is looked at while it grows.
const ramping = int64(5 * time.Millisecond)

// growsAt is when the number of users that is asked for may be greater than now.
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

// changesAt is when a lane's number of users may be another one.
func (s *users) changesAt(a *lane) int64 {
	end := int64(s.loop.pacers[0].share.From)
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
