package engine

// maxRefusals is how often a request is refused at most: then it was refused for good.
const maxRefusals = 10

// attempt is a request that is to be sent: for the first time, or again because the target did not look at it and says so
// (it leaves the connection, or takes no more streams: RFC 9113 §8.7). Then any connection with room does; it stays due
// when it was, and is counted once.
type attempt struct {
	due, k   int64
	request  int32
	refusals uint8
}

// refuse keeps a refused request to be sent again.
func (l *loop) refuse(f *flight) {
	if f.refusals == maxRefusals-1 || l.ended {
		l.fail(f, classRead)
		return
	}
	l.refused = append(l.refused, attempt{f.due, f.k, f.request, f.refusals + 1})
	l.end(f)
}

// beginRefused sends what was refused, the oldest first, as far as connections are free.
func (l *loop) beginRefused() {
	for len(l.refused) > 0 {
		if !l.allowed() {
			return
		}
		c := l.pick()
		if c == nil {
			l.engine.throttle.giveBack()
			return
		}
		r := l.refused[0]
		l.refused = append(l.refused[:0], l.refused[1:]...)
		l.carry(c, r)
	}
}

// failRetries ends what was refused and will not be sent any more.
func (l *loop) failRetries() {
	for _, r := range l.refused {
		l.count(r.request, classRead)
	}
	l.refused = nil
}
