package engine

// pick returns a connection with room for a request: preferably an open one, then one to open, then one that is being opened; nil: none.
func (l *loop) pick() *conn {
	for n := len(l.free); n > 0; n = len(l.free) {
		c := l.free[n-1]
		if c.state == connOpen && c.room() && c.id < l.limit {
			return c
		}
		l.free, c.listed = l.free[:n-1], false
		l.settle(c) // it may have been closed meanwhile
	}
	if c := l.pickCold(); c != nil {
		return c
	}
	for n := len(l.opening); n > 0; n = len(l.opening) {
		c := l.opening[n-1]
		l.opening = l.opening[:n-1]
		if c.state == connConnecting && c.used == 0 && c.id < l.limit {
			return c
		}
	}
	return nil
}

// pickCold returns a connection to open; nil: there is none, or it is too early to open one.
func (l *loop) pickCold() *conn {
	for n := len(l.cold); n > 0 && l.now >= l.dialAt; n = len(l.cold) {
		c := l.cold[n-1]
		l.cold, c.listed = l.cold[:n-1], false
		if c.state == connCold && c.id < l.limit {
			return c
		}
	}
	return nil
}

// allowed takes a token of the throttle for a request, or remembers until when there is none.
func (l *loop) allowed() (ok bool) {
	l.heldUntil, ok = l.engine.throttle.Take(l.now)
	return ok
}
