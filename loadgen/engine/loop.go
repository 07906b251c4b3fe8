package engine

import (
	"fmt"
	"runtime"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/http2"
	"landfall/loadgen/pace"
	"landfall/loadgen/script"
)

// loop owns some of the engine's connections with all their state. It is one goroutine on its own thread,
// which waits for the next event (a due request, a response, a deadline) and handles it. Loops share no state
// on the path of a request.
type loop struct {
	engine    *Engine
	id, loops int
	poll      *poll
	reader    *script.Reader
	timeout   int64
	patience  int64

	now       int64 // ns since T0, when the clock was last read
	fresh     bool  // now is the end of the current wait, and no event has been handled since
	plan      *loadgen.Share
	pacers    []*pace.Pacer // the current one, then future ones
	begun     int64
	base      int64 // first number of a scheduled request
	next      int64 // avalanche: number of the next request
	nextEnd   int64 // avalanche: end of the reserved batch of numbers
	tokens    int64 // reserved and not used yet
	spent     bool  // the quota is used up
	heldUntil int64 // end of throttling; 0: not throttled
	ended     bool  // the run was stopped: no requests are started

	conns  []*conn
	limit  int     // number of connections in use
	free   []*conn // open, with room
	cold   []*conn // not connected
	paused pauses  // in backoff
	dialAt int64   // when the next connection may be opened
	dialed int64   // minimum interval between connects, in ns; 0: no limit
	flights
	waits
	opening []*conn   // opened before T0, without a request
	retries []attempt // by deadline
	dirty   []*conn   // with frames to write at the end of the round

	users *users // nil for a plain spec

	stats       *stats
	interval    int
	asked       int64 // requests of the current share that were reported as due
	resting     bool
	logged      [len(loadgen.Classes)]bool // by class: the first failure was logged
	evidenceLog evidenceLog
	slowest     slowest
	out         chan *stats
	spares      chan *stats

	buf     []byte // for reading
	request []byte // for rendering
	h2      http2.Request
	current *conn // connection whose frames are being processed
	on      func(*http2.Event)
}

func newLoop(e *Engine, id, loops int) (*loop, error) {
	p, err := newPoll(e.options.portable(), e.spec.Kind == loadgen.Tsunami && !e.spec.HTTP2 && e.script.Program == nil)
	if err != nil {
		return nil, err
	}
	l := &loop{
		engine: e, id: id, loops: loops, poll: p, reader: e.script.Reader(id), timeout: int64(e.spec.Timeout), patience: int64(e.spec.Patience),
		stats: newStats(e.script), out: make(chan *stats, 4), spares: make(chan *stats, 4), buf: make([]byte, 64<<10),
	}
	if e.spec.ConnectRate > 0 {
		l.dialed = int64(float64(loops) * 1e9 / e.spec.ConnectRate)
	}
	l.base = e.options.After.Numbers
	l.on = l.event
	if e.script.Program != nil {
		l.users = newUsers(l)
	}
	return l, nil
}

func (l *loop) clock() int64 {
	l.now = int64(time.Since(l.engine.start))
	return l.now
}

// run executes the loop's part of a share, and of the shares that replace it.
func (l *loop) run(share loadgen.Share) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer l.poll.close()
	l.clock()
	l.interval = l.engine.first
	l.plan = &share
	l.pacers = []*pace.Pacer{pace.New(l.engine.spec, share, l.id, l.loops)}
	l.hold()
	l.warm()
	for !l.round() {
		l.poll.wait(l, l.wakeAt())
	}
	for _, c := range l.conns {
		l.close(c)
	}
	l.reach()
	l.hand(true)
	close(l.out)
}

// round handles everything that is due and reports whether the loop has finished.
func (l *loop) round() (last bool) {
	l.clock()
	l.fresh = false
	l.replan()
	l.tick()
	if l.engine.killed.Load() {
		l.stopIssuing()
		l.failInFlight()
		return true
	}
	l.expire()
	l.unpause()
	l.beginAll()
	for l.retire() {
		l.beginAll()
	}
	l.flush()
	l.engine.rest(l, l.nothingLeft())
	return l.resting && l.engine.isFinished()
}

// maxDropped limits how many requests are dropped at a time, so that a stop is noticed however many are due.
const maxDropped = 4096

// beyondCap reports whether the owner's limits forbid further requests.
func (l *loop) beyondCap() bool {
	most := int64(l.engine.options.MaxDuration)
	return most > 0 && l.now >= most
}

// beginAll starts due requests while connections are free.
func (l *loop) beginAll() {
	if l.users != nil {
		l.users.run()
		return
	}
	if l.engine.draining.Load() || l.beyondCap() {
		l.stopIssuing()
		return
	}
	l.sendRetries()
	for dropped := 0; dropped < maxDropped; {
		at := l.due()
		if l.spent || at > l.now {
			return
		}
		p := l.pacers[0]
		if !p.Closed && l.now-at > l.patience {
			l.dropMany(l.dueUntil(l.now - l.patience))
			dropped++
			continue
		}
		if !l.allowed() {
			return
		}
		c := l.pick()
		if c == nil {
			l.engine.throttle.GiveBack()
			l.stats.exhausted = l.stats.exhausted || !p.Closed
			return
		}
		if !l.token() {
			l.engine.throttle.GiveBack()
			return
		}
		p.Issue()
		l.begin(c, at)
	}
}

// begin assigns a request to a connection.
func (l *loop) begin(c *conn, due int64) {
	k := l.number()
	l.begun++
	l.stats.begun++
	l.carry(c, attempt{due: due, k: k, deadline: l.now + l.timeout, request: int32(l.reader.Pick(k))})
}

// carry assigns a request to a connection, for the first time or as a retry.
func (l *loop) carry(c *conn, r attempt) {
	f := c.take()
	f.due, f.sent, f.deadline = r.due, 0, r.deadline
	f.k, f.request, f.retries, f.left = r.k, r.request, r.retries, r.left
	l.flights.push(f)
	switch c.state {
	case connOpen:
		l.send(c, f)
	case connCold:
		l.connect(c)
	}
}

// expire handles everything whose deadline has passed.
func (l *loop) expire() {
	for f := l.flights.first; f != nil && f.deadline <= l.now; f = l.flights.first {
		c := f.conn
		switch {
		case c.h2 != nil && f.sent != 0 && (c.lastReceived >= f.sent || l.now-f.sent < l.timeout): // otherwise the connection was silent for the whole timeout
			c.pending = c.h2.Cancel(c.pending, f.stream)
			l.mark(c)
			l.fail(f, classTimeout, l.engine.whyTimeout)
		case c.h2 != nil && f.sent != 0:
			l.fail(f, classTimeout, l.engine.whyTimeout)
			l.lose(c, classRead, whyLost)
		case c.state == connConnecting:
			l.unconnected(c)
		default:
			l.fail(f, classTimeout, l.engine.whyTimeout)
			l.close(c)
		}
		l.settle(c)
	}
	for c := l.waits.first; c != nil && c.waitsUntil <= l.now; c = l.waits.first {
		if c.state == connConnecting {
			l.unconnected(c)
		} else {
			l.lose(c, classProtocol, whyNoStream)
		}
		l.settle(c)
	}
	l.expireRetries()
}

// unconnected closes a connection that was not established in time.
func (l *loop) unconnected(c *conn) {
	err := l.engine.notConnected
	if c.address != nil {
		c.address.Fail()
		err = fmt.Errorf("%s: %w", c.address, err)
	}
	l.unopened(c, classTimeout, err)
}

// failInFlight fails all requests in flight.
func (l *loop) failInFlight() {
	for f := l.flights.first; f != nil; f = l.flights.first {
		l.fail(f, classRead, whyKilled)
	}
	l.failRetries()
	if l.users != nil {
		l.users.interruptAll()
	}
}

// inFlight returns the number of requests in flight.
func (l *loop) inFlight() int { return l.n + len(l.retries) }

// nothingLeft reports whether the loop has finished its part.
func (l *loop) nothingLeft() bool {
	if l.inFlight() > 0 || l.users != nil && len(l.users.all) > 0 {
		return false
	}
	return l.ended || len(l.pacers) == 1 && (l.spent || l.pacers[0].Over(l.now))
}

// wakeAt returns when the loop must act even without an event.
func (l *loop) wakeAt() int64 {
	at := int64(l.interval+1) * int64(time.Second)
	if f := l.flights.first; f != nil {
		at = min(at, f.deadline)
	}
	if c := l.waits.first; c != nil {
		at = min(at, c.waitsUntil)
	}
	if len(l.retries) > 0 {
		if at = min(at, l.retries[0].deadline); l.heldUntil > l.now {
			at = min(at, l.heldUntil)
		}
		if l.dialAt > l.now {
			at = min(at, l.dialAt)
		}
	}
	if len(l.paused) > 0 {
		at = min(at, l.paused[0].until)
	}
	if len(l.pacers) > 1 {
		at = min(at, int64(l.pacers[1].Share.From))
	}
	if l.users != nil {
		at = min(at, l.users.wakeAt())
	} else if !l.spent && !l.ended {
		at = min(at, l.beginAt())
	}
	if most := int64(l.engine.options.MaxDuration); most > 0 && !l.ended {
		at = min(at, most)
	}
	if end := l.pacers[0].End; l.now < end {
		at = min(at, end)
	}
	return at
}

// beginAt returns when the next request can be started or dropped.
func (l *loop) beginAt() int64 {
	due := l.due()
	switch {
	case due == never:
		return never
	case due > l.now:
		return due
	case l.heldUntil > l.now && l.pacers[0].Closed:
		return l.heldUntil
	case l.heldUntil > l.now:
		return min(l.heldUntil, due+l.patience+1)
	case len(l.cold) > 0 && l.dialAt > l.now:
		return l.dialAt
	case l.pacers[0].Closed:
		return never // it waits for a connection
	}
	return due + l.patience + 1
}
