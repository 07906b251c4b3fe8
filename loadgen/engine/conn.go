package engine

import (
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"time"

	"landfall/loadgen/endpoint"
	"landfall/loadgen/http1"
	"landfall/loadgen/http2"
)

// connState is the state of a connection.
type connState uint8

const (
	connCold connState = iota
	connConnecting
	connOpen
	connPaused
	connStates // number of states
)

// conn is one connection: the state machine between a poll, which transfers bytes, and the requests of its loop.
type conn struct {
	wire
	id       int
	host     int32              // index of its endpoint in Engine.endpoints; of a cold connection: the last one
	endpoint *endpoint.Endpoint // endpoint number host
	state    connState
	listed   bool // in the list of free or of cold connections
	marked   bool // in the list of dirty connections
	failures int
	until    int64 // connPaused: end of the backoff
	used     int   // number of requests assigned to it
	flights  []flight
	spare    *flight // linked list of unused flights
	parser   http1.Parser
	h2       *http2.Conn
	pending  []byte // frames to write

	address      *endpoint.Address // address being dialed, if the loop dials itself
	openSince    int64             // when the connection was established
	answered     bool              // a response was received
	partial      bool              // HTTP/1.1: part of a response was received
	lastReceived int64             // HTTP/2: time of the last received data

	waiting            bool // in the loop's list of waits
	waitsUntil         int64
	waitPrev, waitNext *conn
}

func newConn(l *loop, id int) *conn {
	n := 1
	if l.engine.spec.HTTP2 {
		n = l.streams()
	}
	c := &conn{id: id, endpoint: l.engine.endpoints[0], flights: make([]flight, n)}
	c.wire.reset()
	for i := len(c.flights) - 1; i >= 0; i-- {
		f := &c.flights[i]
		f.conn, f.tag, f.next = c, int32(i), c.spare
		c.spare = f
	}
	if n == 1 && !l.engine.spec.HTTP2 && l.engine.wantsBody() {
		c.parser.Body = func(b []byte) { l.receivedBody(&c.flights[0], b) }
	}
	if l.users != nil && !l.engine.spec.HTTP2 {
		c.parser.Line = func(line []byte) { l.users.recordHeader(c.flights[0].user, line) }
		c.parser.Body = func(piece []byte) { l.users.recordBody(c.flights[0].user, piece) }
	}
	return c
}

// streams returns the maximum number of concurrent requests of an HTTP/2 connection. On a connection that a user does not share, it is the
// number of requests that the user sends concurrently.
func (l *loop) streams() int {
	if l.users != nil && !l.users.shared {
		return l.engine.script.Program.AtOnce
	}
	return l.engine.spec.Streams
}

func (e *Engine) wantsBody() bool {
	for i := range e.expect {
		if len(e.expect[i].contains) > 0 {
			return true
		}
	}
	return false
}

// room reports whether the connection can take another request.
func (c *conn) room() bool {
	if c.h2 != nil {
		return c.used < len(c.flights) && c.h2.Room() > 0
	}
	return c.used == 0
}

// take returns an unused flight.
func (c *conn) take() *flight {
	f := c.spare
	if f == nil {
		panic("loadgen: a request for a connection without room")
	}
	c.spare, f.next = f.next, nil
	c.used++
	f.busy = true
	return f
}

// settle adds a usable connection to the list in which pick finds it.
func (l *loop) settle(c *conn) {
	if c.h2 != nil && c.used == 0 {
		l.settleIdle(c)
	}
	switch {
	case c.id >= l.limit:
		if c.used == 0 && c.state == connOpen {
			l.close(c)
		}
	case c.listed:
	case c.state == connOpen && c.room():
		c.listed = true
		l.free = append(l.free, c)
	case c.state == connCold && c.used == 0:
		c.listed = true
		l.cold = append(l.cold, c)
	}
}

// settleIdle closes an idle HTTP/2 connection that will accept no further requests. A connection that accepts none at the moment has until
// the request timeout to recover.
func (l *loop) settleIdle(c *conn) {
	switch {
	case c.h2.Closing():
		l.close(c)
	case c.room():
		l.waits.remove(c)
	case !c.waiting:
		l.waits.push(c, l.now+l.timeout)
	}
}

// warm opens all connections before T0, so that the first requests of an avalanche do not wait for handshakes. Without keep-alive it does
// so only for a burst, since opening a connection is then part of every request. Users open their own connections.
func (l *loop) warm() {
	spec := &l.engine.spec
	if l.dialed > 0 || l.users != nil || spec.NoKeepalive && !spec.Burst {
		return
	}
	for range l.conns {
		if l.now >= 0 || len(l.cold) == 0 {
			return
		}
		c := l.cold[len(l.cold)-1]
		l.cold, c.listed = l.cold[:len(l.cold)-1], false
		l.connect(c)
		if c.state == connConnecting {
			l.opening = append(l.opening, c)
		}
		l.clock()
	}
}

// connect starts to open a connection; opened or unopened is called when that ends.
func (l *loop) connect(c *conn) {
	c.state, c.address = connConnecting, nil
	l.waits.push(c, l.now+l.timeout)
	if l.dialed > 0 {
		l.dialAt = max(l.dialAt, l.now) + l.dialed
	}
	l.poll.connect(l, c)
}

// opened handles an established connection.
func (l *loop) opened(c *conn, handshake time.Duration) {
	l.clock()
	l.waits.remove(c)
	c.state, c.openSince, c.answered, c.partial, c.lastReceived = connOpen, l.now, false, false, math.MinInt64
	l.stats.connects++
	if handshake > 0 {
		l.stats.handshakes++
		l.stats.handshake.Record(handshake.Microseconds())
	}
	if l.engine.spec.HTTP2 {
		c.h2 = http2.New(len(c.flights))
		if l.users != nil {
			c.h2.Lines(func(tag int, line []byte) { l.users.recordHeader(c.flights[tag].user, line) })
		}
		c.pending = c.h2.Start(c.pending[:0])
		l.mark(c)
	}
	for i := range c.flights {
		if f := &c.flights[i]; f.busy && c.state == connOpen {
			l.send(c, f)
		}
	}
	l.settle(c)
}

// unopened handles a connection that could not be opened.
func (l *loop) unopened(c *conn, class int, err error) {
	l.clock()
	if c.used > 0 {
		l.engine.hint(err)
	}
	l.lose(c, class, reason(err))
}

// mark schedules the connection's frames for the end of the round, so that all frames of a round are written together.
func (l *loop) mark(c *conn) {
	if !c.marked {
		c.marked = true
		l.dirty = append(l.dirty, c)
	}
}

func (l *loop) flush() {
	for i := 0; i < len(l.dirty); i++ { // a failure may queue frames of other requests
		c := l.dirty[i]
		c.marked = false
		if len(c.pending) == 0 || c.state != connOpen {
			continue
		}
		if err := l.poll.write(l, c, c.pending); err != nil {
			l.lose(c, classWrite, reason(err))
		}
		c.pending = c.pending[:0]
	}
	l.dirty = l.dirty[:0]
}

// unread handles the end of the received data: io.EOF or a read error. unsent is an earlier write error, or nil; it takes precedence as the
// cause of the failure.
func (l *loop) unread(c *conn, err, unsent error) {
	if err == io.EOF {
		l.endByClose(c)
	}
	switch {
	case c.used == 0:
		l.close(c)
		l.settle(c)
	case l.resend(c):
	case unsent != nil:
		l.lose(c, classWrite, reason(unsent)+" before the request was sent")
	case err != io.EOF:
		l.lose(c, unreadClass(err), reason(err))
	case c.partial:
		l.lose(c, classRead, whyCut)
	default:
		l.lose(c, classRead, whyNoAnswer)
	}
}

// endByClose completes a response that is delimited by the end of the connection.
func (l *loop) endByClose(c *conn) {
	if f := &c.flights[0]; c.h2 == nil && f.busy && f.sent != 0 {
		if done, _ := c.parser.EOF(); done {
			l.clock()
			l.succeed(f, c.parser.Status, c.parser.BodyBytes, l.now, nil)
		}
	}
}

// unreadClass returns the class of a read error. TLS alerts, sent or received, and records that are not TLS count as TLS.
func unreadClass(err error) int {
	var alert tls.AlertError
	var record tls.RecordHeaderError
	var op *net.OpError
	if errors.As(err, &alert) || errors.As(err, &record) || errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return classTLS
	}
	return classRead
}

// lose closes a connection, fails its requests, and starts the backoff.
func (l *loop) lose(c *conn, class int, why string) {
	if c.used == 0 {
		l.note(class, why)
	}
	for i := range c.flights {
		if f := &c.flights[i]; f.busy {
			l.fail(f, class, why)
		}
	}
	l.close(c)
	l.pause(c)
}

// close releases a connection in any state.
func (l *loop) close(c *conn) {
	l.waits.remove(c)
	if c.state == connOpen || c.state == connConnecting {
		l.poll.shut(c)
		c.state = connCold
	}
	c.h2, c.pending = nil, c.pending[:0]
}

// established is a connection that another goroutine opened, with its TLS handshake completed.
type established struct {
	tls       *tls.Conn
	hand      *handover // transport of tls
	handshake time.Duration
	class     int
	err       error
}
