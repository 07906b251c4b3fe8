package engine

import "time"

// tick passes on the counters of the intervals that have ended.
func (l *loop) tick() {
	for l.now >= int64(l.interval+1)*int64(time.Second) {
		l.hand(false)
		if l.interval++; l.interval == int(l.engine.spec.Warmup.Std()/time.Second) {
			l.slowest = slowest{} // without requests of the warm-up
		}
	}
}

func (l *loop) hand(last bool) {
	s := l.stats
	s.interval, s.last, s.inFlight = l.interval, last, l.inFlight()
	s.waiting = l.report(l.dueUntil(min(l.now, int64(l.interval+1)*int64(time.Second))))
	if l.users != nil {
		s.users.alive = len(l.users.all)
		l.users.countAlive()
	}
	for _, c := range l.conns {
		s.states[c.state]++
	}
	l.out <- s
	select {
	case l.stats = <-l.spares:
	default:
		l.stats = newStats(l.engine.script)
	}
}

// report reports the share's newly due requests, and returns how many requests wait.
func (l *loop) report(due int64) (waiting int) {
	p := l.pacers[0]
	if p.Closed {
		return 0 // closed loop: requests do not wait
	}
	l.stats.asked += due - l.asked
	l.asked = due
	return int(due - p.Issued)
}

// dueUntil returns how many requests of the current share are due before t.
func (l *loop) dueUntil(t int64) int64 {
	p := l.pacers[0]
	if l.spent || l.ended {
		return p.Issued
	}
	until := min(t, p.End)
	if len(l.pacers) > 1 {
		until = min(until, int64(l.pacers[1].Share.From))
	}
	due := p.DueUntil(until)
	if left, limited := l.engine.budget.Left(); limited && due > p.Issued { // other loops may take from the same quota
		due = min(due, p.Issued+l.tokens+left/int64(l.loops))
	}
	return max(due, p.Issued)
}
