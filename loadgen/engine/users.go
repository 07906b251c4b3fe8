package engine

import (
	"math/rand/v2"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/decompress"
	"landfall/loadgen/expr"
	"landfall/loadgen/extract"
	"landfall/loadgen/script"
	"landfall/loadgen/template"
)

// users manages the virtual users of one loop. They are started at a rate (open model) or kept at a number (closed model), and execute
// their program between events of the loop. A plain spec has none.
type users struct {
	loop    *loop
	program *script.Program
	shared  bool // users share connections
	lanes   []lane
	finish  int64 // time that iterations have to finish after the end

	all      []*user // in an iteration, or between two
	idle     []*user // to be reused
	ready    []*user
	waiting  []*user // for a connection, in order
	timers   timers
	limit    int   // maximum number of concurrent users
	arrivals int   // maximum number of them that were started at a rate
	first    int   // closed model: number in the fleet of this loop's first user
	step     int   // closed model: difference to the number of the next user
	unique   int64 // number of iterations with unique rows; never: unlimited
	row      int64 // unique row of the next iteration
	endedAt  int64 // when the last iterations were started; never: not yet

	random    rand.PCG
	filler    script.Filler
	fill      template.Scope
	test      expr.Scope
	judged    extract.Response
	wrong     wrong // why the last judged response is unexpected
	responses []*response
	current   *user
	cookies   script.Cookies
	redirects int
	unzip     decompress.Decoder
	trace     *trace
}

func newUsers(l *loop) *users {
	spec := &l.engine.spec
	s := &users{
		loop: l, program: l.engine.script.Program, shared: spec.SharedConnections, finish: int64(spec.Finish), endedAt: never,
		redirects: spec.Redirects, random: *l.engine.script.Random(l.id),
	}
	s.fill.Random, s.fill.Now = &s.random, time.Now
	s.cookies = s.cookieHeader
	if s.unique = never; len(spec.Data) > 0 {
		if rows, limited := s.program.Unique(); limited {
			s.unique = rows
		}
	}
	if s.trace = newTrace(l.engine); s.trace != nil {
		s.fill.Derived = s.trace.derive
	}
	s.test.Header = func(name string) string { return extract.HeaderValue(s.judged.Head, name) }
	return s
}

// hold applies a share: it sets the numbers of users and connections.
func (s *users) hold(share *loadgen.Share) {
	l := s.loop
	spec, of := &l.engine.spec, max(share.Of, 1)
	s.endedAt = never
	s.first, s.step = share.Index+of*l.id, of*l.loops
	connections := int(loadgen.Split(int64(share.Connections), l.loops)[l.id])
	s.setLanes(share)
	if s.arrivals = 0; !l.pacers[0].Closed {
		s.arrivals = int(loadgen.Split(loadgen.Split(int64(spec.Users), of)[share.Index%of], l.loops)[l.id])
	}
	limit := s.arrivals + s.maxHeld()
	if !s.shared {
		limit = min(limit, connections)
		if connections = limit * len(s.program.Hosts); !spec.HTTP2 {
			connections *= s.program.AtOnce
		}
	}
	s.limit = limit
	if share.Connections == 0 {
		s.limit = 0
	}
	for len(l.conns) < connections {
		c := newConn(l, len(l.conns))
		l.conns = append(l.conns, c)
	}
	l.limit = max(l.limit, connections)
	for i := len(l.conns) - 1; i >= 0; i-- {
		l.settle(l.conns[i])
	}
}

// run runs one round of the users.
func (s *users) run() {
	l := s.loop
	for s.timers.first() <= l.now {
		s.continueUser(s.timers.take())
	}
	s.sendRetries()
	s.serve()
	switch {
	case l.engine.draining.Load() || l.beyondCap():
		s.stop()
	case s.over():
		s.lastCall()
		if l.now-s.endedAt >= s.finish {
			s.interruptAll()
		}
	default:
		s.replenish()
		s.arrive()
	}
	for range len(s.ready) { // users that become ready meanwhile continue in the next round
		u := s.ready[0]
		s.ready = append(s.ready[:0], s.ready[1:]...)
		s.continueUser(u)
	}
}

// over reports whether no further iterations will be started.
func (s *users) over() bool {
	l := s.loop
	return l.ended || len(l.pacers) == 1 && (l.spent || l.pacers[0].Over(l.now))
}

// continueUser continues a user that waits for nothing.
func (s *users) continueUser(u *user) {
	switch {
	case u.state == userBetween:
		s.again(u)
	case u.lead != nil && (u.failed != "" || s.loop.ended):
		if s.program.Ops[u.at].Kind == script.OpSend {
			u.lead.strands.next = 0 // the step is not complete
		}
		s.join(u)
	case u.failed != "" || s.loop.ended:
		s.end(u, s.program.Ops[u.at].Kind == script.OpEnd)
	default:
		u.state = userReady
		s.advance(u)
	}
}

// serve assigns connections to waiting users.
func (s *users) serve() {
	if s.loop.engine.spec.HTTP2 && !s.shared {
		s.serveOwn()
		return
	}
	for len(s.waiting) > 0 {
		u := s.waiting[0]
		if !s.mayAsk(u) {
			return
		}
		s.waiting = append(s.waiting[:0], s.waiting[1:]...)
		s.send(u, &s.program.Messages[u.message])
	}
}

// arrive starts users that are due (open model).
func (s *users) arrive() {
	l := s.loop
	for dropped := 0; !l.pacers[0].Closed && dropped < maxDropped; {
		at := l.due()
		if l.spent || at > l.now {
			return
		}
		if l.now-at > l.patience {
			l.dropMany(l.dueUntil(l.now - l.patience))
			dropped++
			continue
		}
		if s.full() {
			l.stats.exhausted = true
			return
		}
		if !s.mayBegin() {
			return
		}
		lane := min(l.pacers[0].Part, len(s.lanes)-1)
		l.pacers[0].Issue()
		s.begin(s.enter(lane), at)
	}
}

// mayBegin takes permission to start an iteration: a token and, for unique data, a row. When the rows are used up, the share is complete.
func (s *users) mayBegin() bool {
	if !s.loop.token() {
		return false
	}
	if s.unique == never {
		return true
	}
	s.row = s.loop.engine.rowNumbers.reserve(1)
	s.loop.spent = s.row >= s.unique
	return !s.loop.spent
}

// enter creates a user of a lane.
func (s *users) enter(lane int) *user {
	u := &user{counters: make([]int32, s.program.Counters), groups: make([]int64, len(s.program.Groups)), own: make([]*conn, len(s.program.Hosts))}
	if n := len(s.idle) - 1; n >= 0 {
		u, s.idle = s.idle[n], s.idle[:n]
	}
	u.number, u.place, u.timer = s.program.Number(s.loop.engine.userNumbers.reserve(1)), len(s.all), -1
	u.lane = int32(lane)
	s.lanes[lane].alive++
	s.all = append(s.all, u)
	return u
}

// leave removes a user.
func (s *users) leave(u *user) {
	s.lanes[u.lane].alive--
	last := len(s.all) - 1
	s.all[u.place] = s.all[last]
	s.all[u.place].place = u.place
	s.all[last] = nil
	s.all = s.all[:last]
	s.idle = append(s.idle, u)
}

// begin starts an iteration, for which a token was taken.
func (s *users) begin(u *user, due int64) {
	l := s.loop
	k := l.number()
	l.begun++
	l.stats.begun++
	u.iteration = s.program.Number(k)
	u.jar.Reset()
	for i := range u.groups {
		u.groups[i] = never
	}
	u.failed, u.status, u.latency, u.message, u.hop = "", 0, 0, -1, hop{}
	u.variables = s.program.Reset(u.variables, k, s.row, s.texts(u))
	if u.scenario = int32(s.lanes[u.lane].scenario); u.scenario < 0 {
		u.scenario = int32(s.program.Draw(&s.random))
	}
	l.stats.users.started(u.scenario)
	u.at = s.program.Start(int(u.scenario))
	u.due, u.begun, u.state = due, due, userReady
	s.ready = append(s.ready, u)
}

// end ends a user's iteration, complete or not. In the closed model the user starts another one.
func (s *users) end(u *user, last bool) {
	l := s.loop
	s.release(u)
	if left := l.engine.options.left; left != nil {
		left(s.program.Values(u.variables))
	}
	l.stats.users.ended(u, last, l.now)
	lane := &s.lanes[u.lane]
	if !lane.held || l.ended {
		s.leave(u)
		return
	}
	u.state, u.due = userBetween, max(l.now, u.begun+lane.pace)
	if u.due > l.now {
		s.timers.add(u)
	} else {
		s.ready = append(s.ready, u)
	}
}

// again starts a user's next iteration, if there is one.
func (s *users) again(u *user) {
	l := s.loop
	if lane := &s.lanes[u.lane]; l.ended || s.over() || l.now >= l.pacers[0].End || lane.alive > s.want(lane) || !s.mayBegin() {
		s.leave(u)
		return
	}
	s.begin(u, u.due)
}

// fail ends the iteration of a user whose request cannot be sent.
func (s *users) fail(u *user, why string) {
	u.failed, u.state = why, userReady
	s.ready = append(s.ready, u)
}
