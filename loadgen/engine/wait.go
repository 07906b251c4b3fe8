package engine

// waits lists connections with a deadline: those that are being opened, and HTTP/2 connections on which the target allows no requests. All
// deadlines have the same length, so new ones go to the end.
type waits struct{ first, last *conn }

// push adds a connection unless it is listed; until is in ns since T0.
func (w *waits) push(c *conn, until int64) {
	c.waiting, c.waitsUntil, c.waitPrev, c.waitNext = true, until, w.last, nil
	if w.last != nil {
		w.last.waitNext = c
	} else {
		w.first = c
	}
	w.last = c
}

// remove removes a connection if it is listed.
func (w *waits) remove(c *conn) {
	if !c.waiting {
		return
	}
	if c.waitPrev != nil {
		c.waitPrev.waitNext = c.waitNext
	} else {
		w.first = c.waitNext
	}
	if c.waitNext != nil {
		c.waitNext.waitPrev = c.waitPrev
	} else {
		w.last = c.waitPrev
	}
	c.waiting, c.waitPrev, c.waitNext = false, nil, nil
}
