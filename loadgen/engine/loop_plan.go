package engine

import (
	"landfall/loadgen"
	"landfall/loadgen/pace"
)

// replan accepts a new share, which takes effect at its From.
func (l *loop) replan() {
	p := l.engine.plan.Load()
	if p == l.plan {
		return
	}
	first := l.plan.Seq == p.Seq && l.plan.From == p.From && l.begun == 0
	l.plan = p
	if first {
		return
	}
	next := *p
	next.From = max(next.From, 0)
	l.pacers = append(l.pacers[:1], pace.New(l.engine.spec, next, l.id, l.loops))
}

// hold puts the first pacer's share into effect.
func (l *loop) hold() {
	share := &l.pacers[0].Share
	l.engine.budget.Quota.Store(share.Quota)
	l.spent = false
	l.asked = 0
	l.engine.budget.Taken.Add(-l.tokens)
	l.tokens = 0
	if l.engine.spec.Burst && l.begun == 0 { // otherwise a fast loop would take the first requests of other loops' connections
		l.tokens = l.engine.budget.Reserve(loadgen.Split(min(share.Quota, int64(share.Connections)), l.loops)[l.id])
	}
	if l.users != nil {
		l.users.hold(share)
		return
	}
	l.limit = int(loadgen.Split(int64(share.Connections), l.loops)[l.id])
	for len(l.conns) < l.limit {
		c := newConn(l, len(l.conns))
		l.conns = append(l.conns, c)
	}
	l.free, l.cold = l.free[:0], l.cold[:0]
	for i := len(l.conns) - 1; i >= 0; i-- {
		c := l.conns[i]
		c.listed = false
		l.settle(c)
	}
}

// due returns when the next request is due, at the earliest now; never: none is due under this share.
func (l *loop) due() int64 {
	at := l.pacers[0].At(l.now)
	if l.spent || len(l.pacers) > 1 && at >= int64(l.pacers[1].Share.From) {
		return never // under this share
	}
	return at
}

// retire puts the next share into effect once its time has come and nothing is due under the current one. It
// returns false if nothing changed.
func (l *loop) retire() bool {
	if len(l.pacers) == 1 || l.now < int64(l.pacers[1].Share.From) || l.due() != never {
		return false
	}
	l.report(l.pacers[0].Issued)
	l.pacers = append(l.pacers[:0], l.pacers[1:]...)
	l.hold()
	return true
}

// drop counts the next due request as dropped.
func (l *loop) drop() {
	if l.token() {
		l.begun++
		l.stats.begun++
		l.stats.dropped++
		l.users.dropped()
		l.pacers[0].Issue()
	}
}

// dropMany drops the share's requests up to number k, but at least the next one. It does so at once, because
// there may be too many to count one by one.
func (l *loop) dropMany(k int64) {
	p := l.pacers[0]
	n := k - p.Issued
	if n < 2 || !p.Even() {
		l.drop()
		return
	}
	if quota := l.engine.budget.Quota.Load(); quota > 0 {
		l.tokens += l.engine.budget.Reserve(max(n-l.tokens, 0))
		n = min(n, l.tokens)
		l.tokens -= n
		l.spent = n == 0
	}
	l.begun += n
	l.stats.begun += n
	l.stats.dropped += n
	p.Skip(n)
}

// stopIssuing stops starting requests, because the run was stopped or this driver leaves it. Requests that
// wait for a connection, or were already reported as due, are dropped. Requests that have just become due
// while a connection is free are left to the other drivers.
func (l *loop) stopIssuing() {
	if l.ended {
		return
	}
	if l.users != nil {
		l.users.stop()
		return
	}
	l.dropWaiting()
	for l.retire() {
		l.dropWaiting()
	}
	l.failRetries()
	l.ended = true
}

func (l *loop) dropWaiting() {
	for l.due() <= l.now && !l.pacers[0].Closed && (l.pacers[0].Issued < l.asked || l.pick() == nil) {
		until := l.asked
		if l.pacers[0].Issued >= until {
			until = l.dueUntil(l.now)
		}
		l.dropMany(until)
	}
}

// token takes permission to start one request; false: the quota is used up.
func (l *loop) token() bool {
	if l.tokens == 0 {
		l.tokens = l.takeTokens()
	}
	if l.tokens == 0 {
		l.spent = true
		return false
	}
	l.tokens--
	return true
}

func (l *loop) takeTokens() int64 {
	if l.pacers[0].Closed {
		return l.engine.budget.TakeBatch()
	}
	return l.engine.budget.TakeOne()
}
