package engine

import "slices"

// connect assigns the user a connection to the host of its request: its own one until its iteration ends, or one for this request only.
func (s *users) connect(u *user) bool {
	if c := u.own[u.host]; !s.shared && c != nil {
		if c.state == connPaused || c.state == connCold && s.loop.now < s.loop.dialAt || !c.room() {
			return false
		}
		u.conn = c
		return true
	}
	c := s.pick(u.host)
	if c == nil {
		return false
	}
	if c.state == connCold {
		c.host, c.endpoint = u.host, s.loop.engine.endpoints[u.host]
	}
	if u.conn = c; !s.shared {
		c.listed = true // a user's connection is not offered to others
		u.own[u.host] = c
	}
	return true
}

// pick returns a connection for a host: an open one, otherwise one to open, or nil. If none is left to open, it closes an idle one to
// another host.
func (s *users) pick(host int32) *conn {
	l := s.loop
	if len(s.program.Hosts) == 1 || !s.shared {
		return l.pick()
	}
	var spare *conn
	for i := len(l.free) - 1; i >= 0; i-- {
		switch c := l.free[i]; {
		case c.state != connOpen || !c.room() || c.id >= l.limit:
			l.free = slices.Delete(l.free, i, i+1)
			c.listed = false
			l.settle(c)
		case c.host == host:
			return c
		default:
			spare = c
		}
	}
	if c := l.pickCold(); c != nil || spare == nil || l.now < l.dialAt {
		return c
	}
	l.close(spare) // it stays in the list of free connections until pick finds it closed
	return spare
}

// release releases the user's connections. Its own ones are closed.
func (s *users) release(u *user) {
	if u.conn = nil; s.shared {
		return
	}
	s.releaseOwn(u)
	if u.strands != nil {
		for _, kid := range u.strands.kids {
			s.releaseOwn(kid)
		}
	}
}

func (s *users) releaseOwn(u *user) {
	for i, c := range u.own {
		if c == nil {
			continue
		}
		u.own[i] = nil
		c.listed = false
		if c.state == connOpen || c.state == connConnecting {
			s.loop.close(c)
		}
		s.loop.settle(c)
	}
}
