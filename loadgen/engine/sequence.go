package engine

import "sync/atomic"

// sequence are those that requests have among the driver's, which decide what a request of a sequence is, its row of a CSV
// and its {{seq}}. A tsunami's follow from its schedule. The loops of an avalanche are not equally fast: they take theirs
// from a common store, in handfuls, so that no number is left out for being a slower loop's.
type sequence struct{ given atomic.Int64 }

// reserve takes n numbers and returns the first of them.
func (s *sequence) reserve(n int64) int64 { return s.given.Add(n) - n }

// number is that of the request which is begun now.
func (l *loop) number() int64 {
	if !l.pacers[0].closed {
		return int64(l.id) + int64(l.loops)*l.begun
	}
	if l.next == l.nextEnd {
		n := int64(handful)
		if _, limited := l.engine.left(); limited {
			n = l.tokens + 1 // as many as it may begin, so that all are used
		}
		l.next = l.engine.numbers.reserve(n)
		l.nextEnd = l.next + n
	}
	l.next++
	return l.next - 1
}
