package loadgen

// refusal is a request that the target did not look at and says so: it leaves the connection (GOAWAY) or takes no more streams
// (RFC 9113 §8.7). It is sent once more, on whichever connection has room, as it was due; the target counts it once.
type refusal struct {
	due, k  int64
	request int32
}

// refuse keeps a refused request to be sent once more. A target that refuses it again has refused it for good.
func (l *loop) refuse(f *flight) {
	if f.again || l.ended {
		l.fail(f, classRead)
		return
	}
	l.refused = append(l.refused, refusal{f.due, f.k, f.request})
	l.end(f)
}

// beginRefused sends what was refused, the oldest first, as far as connections are free.
func (l *loop) beginRefused() {
	for len(l.refused) > 0 {
		c := l.pick()
		if c == nil {
			return
		}
		r := l.refused[0]
		l.refused = append(l.refused[:0], l.refused[1:]...)
		l.carry(c, r.due, r.k, r.request, true)
	}
}

// forsake ends what was refused and will not be sent any more.
func (l *loop) forsake() {
	for _, r := range l.refused {
		l.count(r.request, classRead)
	}
	l.refused = nil
}
