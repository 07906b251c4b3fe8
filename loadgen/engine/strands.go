package engine

import (
	"landfall/loadgen/cookie"
	"landfall/loadgen/script"
)

// strands are the concurrent requests of a user's parallel step. Each strand is a user in the loop's lists, with the variables and cookies
// of its lead and a connection of its own. It sends one request after the other.
type strands struct {
	kids    []*user
	op      *script.Op // the parallel step
	next    int        // index of the next request to send
	running int        // number of strands with a request
}

// fork starts a parallel step.
func (s *users) fork(u *user, op *script.Op) {
	if u.strands == nil {
		u.strands = &strands{}
	}
	u.state = userForked
	f := u.strands
	f.op, f.next, f.running = op, 0, 0
	n := int(op.Times)
	if s.trace != nil { // a trace shows one exchange at a time
		n = 1
	}
	for len(f.kids) < n {
		own := u.own // used by the first strand and, over HTTP/2, by all
		if len(f.kids) > 0 && !s.loop.engine.spec.HTTP2 {
			own = make([]*conn, len(u.own))
		}
		f.kids = append(f.kids, &user{lead: u, own: own, timer: -1})
	}
	for _, kid := range f.kids[:n] {
		kid.variables, kid.number, kid.iteration, kid.lane, kid.due = u.variables, u.number, u.iteration, u.lane, u.due
		s.beginRequest(kid)
	}
}

// beginRequest starts the next request of the step in a strand, in this round or the next.
func (s *users) beginRequest(kid *user) {
	f := kid.lead.strands
	kid.at, kid.failed, kid.hop, kid.message, kid.state = f.op.Targets[f.next], "", hop{}, -1, userReady
	f.next++
	f.running++
	s.ready = append(s.ready, kid)
}

// join continues after a request of a strand has ended: with another request of the step or, after the last one, with the next step. No
// further requests are started after a failure.
func (s *users) join(kid *user) {
	u := kid.lead
	f := u.strands
	f.running--
	kid.state = userRested
	u.status, u.latency = kid.status, kid.latency
	if kid.failed != "" && u.failed == "" {
		u.failed, u.message = kid.failed, kid.message
	}
	if kid.due = s.loop.now; u.failed == "" && !s.loop.ended && f.next < len(f.op.Targets) {
		s.beginRequest(kid)
		return
	}
	if f.running > 0 {
		return
	}
	if f.next == len(f.op.Targets) {
		u.at = f.op.Target
	}
	u.due, u.state = s.loop.now, userReady
	s.ready = append(s.ready, u)
}

// interruptStrands ends the strands without a request in flight, and reports whether no other strands are left.
func (s *users) interruptStrands(u *user) bool {
	f := u.strands
	for _, kid := range f.kids {
		if kid.state == userReady || kid.state == userWaiting {
			kid.state = userRested
			f.running--
			f.next = 0 // the step is not complete
		}
	}
	return f.running == 0
}

// cookies returns the jar of the user, or of the lead of a strand.
func (u *user) cookies() *cookie.Jar {
	if u.lead != nil {
		return &u.lead.jar
	}
	return &u.jar
}
