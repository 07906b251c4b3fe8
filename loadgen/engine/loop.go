package engine

import (
	"fmt"
	"runtime"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/http2"
	"landfall/loadgen/script"
)

// loop owns a part of the engine's connections and everything about them: one goroutine, on a thread of its own, that
// waits for whatever comes first (a request that is due, an answer, a deadline) and does it. It shares nothing that a
// request touches with other loops.
type loop struct {
	engine    *Engine
	id, loops int
	poll      *poll
	reader    *script.Reader
	timeout   int64
	patience  int64

	now       int64 // ns since T0, as of the last look at the clock
	plan      *loadgen.Share
	pacers    []*pacer // the one that holds, then those to come
	begun     int64
	base      int64 // the first number of a request that keeps a schedule
	next      int64 // avalanche: the next request's number
	nextEnd   int64 // and where the batch that it is from ends
	tokens    int64 // taken and not used yet
	spent     bool  // the quota is used up
	heldUntil int64 // by the throttle; 0: it is not
	ended     bool  // no request is started any more: the run was stopped

	conns  []*conn
	limit  int     // how many of conns may be used
	free   []*conn // open, with room
	cold   []*conn // not connected
	paused pauses  // not to be connected yet
	dialAt int64   // when the next connection may be opened
	dialed int64   // ns between two; 0: no limit
	flights
	waits
	opening []*conn   // opened before T0, without a request
	retries []attempt // by deadline
	dirty   []*conn   // with frames to be written at the end of the round

	users *users // of a spec with scenarios; else nil

	stats    *stats
	interval int
	asked    int64 // requests under the share that holds that were reported as due
	resting  bool
	logged   [len(loadgen.Classes)]bool // by class: its first failure
	witness  witness
	slowest  slowest
	out      chan *stats
	spares   chan *stats

	buf     []byte // what is read
	request []byte // what is rendered
	h2      http2.Request
	current *conn // whose frames are being read
	on      func(http2.Event)
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

// run carries the loop's part of a share, and of those that replace it, to the end.
func (l *loop) run(share loadgen.Share) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer l.poll.close()
	l.clock()
	l.interval = l.engine.first
	l.plan = &share
	l.pacers = []*pacer{newPacer(l.engine.spec, share, l.id, l.loops)}
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

// round does what is to be done now and tells whether that was the last of it.
func (l *loop) round() (last bool) {
	l.clock()
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

// maxDropped is how many requests are dropped at a time: a stop must be seen however many are due.
const maxDropped = 4096

// beyondCap tells whether nothing may be issued any more, whatever the share says.
func (l *loop) beyondCap() bool {
	most := int64(l.engine.options.MaxDuration)
	return most > 0 && l.now >= most
}

// beginAll begins the requests that are due, as far as connections are free.
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
		pace := l.pacers[0]
		if !pace.closed && l.now-at > l.patience {
			l.dropMany(l.dueUntil(l.now - l.patience))
			dropped++
			continue
		}
		if !l.allowed() {
			return
		}
		c := l.pick()
		if c == nil {
			l.engine.throttle.giveBack()
			l.stats.exhausted = l.stats.exhausted || !pace.closed
			return
		}
		if !l.token() {
			l.engine.throttle.giveBack()
			return
		}
		pace.gave()
		l.begin(c, at)
	}
}

// begin gives a request to a connection.
func (l *loop) begin(c *conn, due int64) {
	k := l.number()
	l.begun++
	l.stats.begun++
	l.carry(c, attempt{due: due, k: k, deadline: l.now + l.timeout, request: int32(l.reader.Pick(k))})
}

// carry assigns a started request to a connection, for the first time or again.
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

// expire ends what has waited too long.
func (l *loop) expire() {
	for f := l.flights.first; f != nil && f.deadline <= l.now; f = l.flights.first {
		c := f.conn
		switch {
		case c.h2 != nil && f.sent != 0 && (c.heard >= f.sent || l.now-f.sent < l.timeout): // else it was silent all that time
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
		c.address.fail()
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

// inFlight is how many requests have started and not ended.
func (l *loop) inFlight() int { return l.n + len(l.retries) }

// nothingLeft tells whether the loop has carried its part.
func (l *loop) nothingLeft() bool {
	if l.inFlight() > 0 || l.users != nil && len(l.users.all) > 0 {
		return false
	}
	return l.ended || len(l.pacers) == 1 && (l.spent || l.pacers[0].over(l.now))
}

// wakeAt is when something is to be done even if nothing happens before.
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
		if len(l.cold) > 0 && l.dialAt > l.now {
			at = min(at, l.dialAt)
		}
	}
	if len(l.paused) > 0 {
		at = min(at, l.paused[0].until)
	}
	if len(l.pacers) > 1 {
		at = min(at, int64(l.pacers[1].share.From))
	}
	if l.users != nil {
		at = min(at, l.users.wakeAt())
	} else if !l.spent && !l.ended {
		at = min(at, l.beginAt())
	}
	if most := int64(l.engine.options.MaxDuration); most > 0 && !l.ended {
		at = min(at, most)
	}
	if end := l.pacers[0].end; l.now < end {
		at = min(at, end)
	}
	return at
}

// beginAt is when the next request can be started or dropped.
func (l *loop) beginAt() int64 {
	due := l.due()
	switch {
	case due == never:
		return never
	case due > l.now:
		return due
	case l.heldUntil > l.now && l.pacers[0].closed:
		return l.heldUntil
	case l.heldUntil > l.now:
		return min(l.heldUntil, due+l.patience+1)
	case len(l.cold) > 0 && l.dialAt > l.now:
		return l.dialAt
	case l.pacers[0].closed:
		return never // it waits for a connection
	}
	return due + l.patience + 1
}
