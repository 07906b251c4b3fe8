package engine

import (
	"time"

	"landfall/loadgen/cookie"
	"landfall/loadgen/expr"
	"landfall/loadgen/script"
)

// user is the state of one virtual user. A pausing user holds no buffers.
type user struct {
	at        int // index of the current operation
	counters  []int32
	groups    []int64 // start times of the current groups; never: not in the group
	variables []string
	jar       cookie.Jar
	conn      *conn     // connection of its request
	own       []*conn   // its own connections, by host; nil: none
	host      int32     // index of the host of the current request in the program
	response  *response // recorded response of the current request; nil: none
	path      string    // path of the current request, which selects cookies
	hop       hop       // redirect that it follows
	number    int64     // of the user, in the fleet
	iteration int64     // in the fleet
	due       int64     // when it continues
	begun     int64     // when its iteration was due
	message   int32     // index of the current or last request
	status    int32     // of the last response
	latency   int64
	lane      int32
	scenario  int32 // scenario of its iteration
	place     int   // index among all users of the loop
	timer     int   // index in timers; -1: not pausing
	state     userState
	failed    string   // why the iteration has failed; "": it has not
	lead      *user    // of a strand: the user that it belongs to
	strands   *strands // of a user with a parallel step
}

// userState is the state of a user.
type userState uint8

const (
	userReady   userState = iota // continues in this round
	userPausing                  // until due
	userWaiting                  // for a connection
	userAsking                   // for a response
	userBetween                  // until the next iteration is due
	userForked                   // for its strands
	userRested                   // strand without a request
)

// response collects a response while it is received.
type response struct {
	head, body []byte
	cut        bool // the body exceeded maxKept
}

// maxKept is the maximum length in bytes of a body that is recorded for extracts and checks.
const maxKept = 1 << 20

// advance executes the program until the user has to wait.
func (s *users) advance(u *user) {
	for {
		op := &s.program.Ops[u.at]
		u.at++
		switch op.Kind {
		case script.OpSend:
			u.message = int32(op.Message)
			s.ask(u)
			return
		case script.OpThink:
			if s.trace != nil {
				continue
			}
			if u.due += int64(op.Think.Draw(&s.random)); u.due > s.loop.now {
				u.state = userPausing
				s.timers.add(u)
				return
			}
		case script.OpCount:
			u.counters[op.Counter] = op.Times
		case script.OpLoop:
			if u.counters[op.Counter]--; u.counters[op.Counter] > 0 {
				u.at = op.Target
			}
		case script.OpJump:
			u.at = op.Target
		case script.OpTest:
			if !op.Condition.True(s.conditions(u)) {
				u.at = op.Target
			}
		case script.OpPick:
			u.at = op.Pick(&s.random)
		case script.OpEnter:
			u.groups[op.Group] = u.due
		case script.OpLeave:
			s.loop.stats.users.groups[op.Group].time.Record((u.due - u.groups[op.Group]) / 1000)
			u.groups[op.Group] = never
		case script.OpFork:
			s.fork(u, op)
			return
		case script.OpJoin:
			s.join(u)
			return
		case script.OpEnd:
			s.end(u, true)
			return
		}
	}
}

// conditions returns the scope in which the user's conditions are evaluated.
func (s *users) conditions(u *user) *expr.Scope {
	s.test.Variables, s.test.Status = u.variables, int(u.status)
	s.test.LatencyMS = float64(u.latency) / float64(time.Millisecond)
	return &s.test
}

// whyOtherHost is the reason why a request with an extracted URL is not sent.
const whyOtherHost = "its URL is on a host that neither the target, a step nor hosts names"

// ask sends the user's request once a connection is available.
func (s *users) ask(u *user) {
	m := &s.program.Messages[u.message]
	host, ok := u.hop.to.Host, true
	if u.hop.n == 0 {
		host, ok = s.filler.Host(s.program, m, s.texts(u))
	}
	if !ok {
		s.fail(u, whyOtherHost)
		return
	}
	u.host = int32(host)
	if !s.mayAsk(u) {
		u.state = userWaiting
		s.waiting = append(s.waiting, u)
		return
	}
	s.send(u, m)
}

// mayAsk reports whether the owner's limits allow a request now and a connection is available.
func (s *users) mayAsk(u *user) bool {
	if s.loop.beyondCap() { // the owner's maximum duration has passed
		return false
	}
	if !s.loop.allowed() {
		s.loop.stats.capped = true
		return false
	}
	if !s.connect(u) {
		s.loop.engine.throttle.GiveBack()
		return false
	}
	return true
}

// send sends the user's request on its connection.
func (s *users) send(u *user, m *script.Message) {
	u.state = userAsking
	if m.NeedsBody || m.NeedsHead || s.program.Cookies || s.redirects > 0 {
		u.response = s.response()
	}
	l := s.loop
	if !l.pacers[0].Closed && u.hop.n == 0 {
		l.stats.lag.Record((l.now - u.due) / 1000)
	}
	u.conn.spare.user = u
	l.carry(u.conn, attempt{due: u.due, deadline: l.now + l.timeout, request: u.message})
}

func (s *users) response() *response {
	n := len(s.responses) - 1
	if n < 0 {
		return &response{}
	}
	r := s.responses[n]
	s.responses = s.responses[:n]
	return r
}
