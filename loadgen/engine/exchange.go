package engine

import (
	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/http2"
)

// send writes a request.
func (l *loop) send(c *conn, f *flight) {
	if f.sent = l.now; c.h2 == nil { // frames are sent together at the end of the round
		f.sent = l.clock()
	}
	if !l.pacers[0].Closed && f.user == nil {
		l.stats.lag.Record((f.sent - f.due) / 1000)
	}
	if l.stats.startLag < 0 {
		l.stats.startLag = max(0, f.sent-f.due) / 1000
	}
	f.find.reset()
	if c.h2 != nil {
		l.sendFrames(c, f)
		return
	}
	c.partial = false
	c.parser.Reset(l.engine.script.Requests[f.request].Method == "HEAD")
	var b []byte
	if f.user != nil {
		b = l.users.render(l.request[:0], f.user)
	} else {
		b = l.reader.Bytes(l.request[:0], int(f.request), f.k)
	}
	if l.engine.script.Requests[f.request].Constant == nil {
		l.request = b
	}
	l.stats.written += int64(len(b))
	if l.evidenceLog.arms > 0 {
		l.captureSent(f, b)
	}
	if err := l.poll.write(l, c, b); err != nil {
		l.unread(c, err, err)
	}
}

func (l *loop) sendFrames(c *conn, f *flight) {
	if f.user != nil {
		l.request = l.users.frames(&l.h2, l.request[:0], f.user)
	} else {
		l.request = l.reader.HTTP2(&l.h2, l.request[:0], int(f.request), f.k)
	}
	l.h2.Tag = int(f.tag)
	before := len(c.pending)
	id, out, ok := c.h2.Request(c.pending, &l.h2)
	if !ok { // there was room, so the connection has just ended
		l.lose(c, classProtocol, whyNoRoom)
		return
	}
	f.stream, c.pending = id, out
	if l.evidenceLog.arms > 0 {
		l.captureSent(f, l.h2.Message)
	}
	l.stats.written += int64(len(out) - before)
	l.mark(c)
}

// received processes received data.
func (l *loop) received(c *conn, b []byte) {
	l.stats.read += int64(len(b))
	if c.h2 != nil {
		l.receivedFrames(c, b)
		return
	}
	f := &c.flights[0]
	if !f.busy { // no request is in flight
		l.close(c)
		l.settle(c)
		return
	}
	n, done, err := c.parser.Feed(b)
	switch {
	case err != nil:
		l.evidenceLog.raw = b
		l.lose(c, classProtocol, reason(err))
		l.evidenceLog.raw = nil
	case !done:
		l.capturePart(c, f, b)
		c.partial = true
	default:
		keep := c.parser.KeepAlive && n == len(b) && !l.engine.spec.NoKeepalive
		l.succeed(f, c.parser.Status, c.parser.BodyBytes, l.poll.arrived(l, c, f.sent), b[:n])
		if !keep {
			l.close(c)
		}
		l.settle(c)
	}
}

func (l *loop) receivedFrames(c *conn, b []byte) {
	l.current = c
	if !l.fresh {
		l.clock()
	}
	c.lastReceived, l.fresh = l.now, false
	out, err := c.h2.Feed(b, c.pending, l.on)
	c.pending = out
	if len(out) > 0 {
		l.mark(c)
	}
	if err != nil {
		_ = l.poll.write(l, c, c.pending) // the connection's GOAWAY
		c.pending = c.pending[:0]
		l.lose(c, classProtocol, reason(err))
		return
	}
	if l.engine.spec.NoKeepalive && c.used == 0 {
		l.close(c)
	}
	l.settle(c)
}

// event handles an event of an HTTP/2 connection.
func (l *loop) event(e *http2.Event) {
	c := l.current
	switch e.Kind {
	case http2.Status:
		f := &c.flights[e.Tag]
		if !l.engine.expect[f.request].status[e.Status] && len(l.evidenceLog.seen) < maxKinds {
			l.startCapture(f)
		}
		if f.capture != nil && l.stats.heads < maxHeads {
			l.stats.heads++
			f.capture.head, f.capture.headed = c.h2.Head(), true
		}
	case http2.Body:
		f := &c.flights[e.Tag]
		if f.capture != nil {
			f.capture.addBody(e.Data)
		}
		l.users.recordBody(f.user, e.Data)
		l.receivedBody(f, e.Data)
	case http2.End:
		l.succeed(&c.flights[e.Tag], e.Status, e.Bytes, l.now, nil)
	case http2.Reset:
		f := &c.flights[e.Tag]
		switch {
		case e.Retry:
			l.refused(f, e.Left, e.Why)
		case e.Ours:
			l.fail(f, classProtocol, e.Why)
		default:
			l.fail(f, classRead, e.Why)
		}
	}
}

func (l *loop) receivedBody(f *flight, b []byte) {
	if text := l.engine.expect[f.request].contains; len(text) > 0 {
		f.find.search(text, b)
	}
}

// succeed completes a request whose response was complete at a given time. raw is its last piece, over
// HTTP/1.1.
func (l *loop) succeed(f *flight, status int, body, at int64, raw []byte) {
	s := l.stats
	s.responses++
	s.statuses[status]++
	latency, service := (at-f.due)/1000, (at-f.sent)/1000
	s.times[status/100].Record(latency, service)
	if latency > l.slowest.floor {
		l.slow(f, status, at, latency, service)
	}
	var unexpected bool
	if f.user != nil {
		unexpected = !l.users.judge(f.user, status, body, at-f.due)
		l.recordUserFailure(f, status, at, raw)
	} else if e := &l.engine.expect[f.request]; !e.met(status, body, f.find.found) {
		unexpected = true
		l.unexpected(f, e.wrong(status, body), status, at, raw)
	}
	if unexpected {
		s.unexpected++
	}
	if s.named != nil {
		n := &s.named[f.request]
		n.requests++
		n.times.Record(latency, service)
		if unexpected {
			n.unexpected++
		}
	}
	f.conn.failures, f.conn.answered = 0, true
	l.end(f)
	if f.user != nil {
		l.users.answered(f, noClass)
	}
}

// fail ends a request as an error.
func (l *loop) fail(f *flight, class int, why string) {
	l.count(f.request, class, why)
	l.recordFailure(f, failureKind{request: f.request, cause: evidence.Error, class: class, why: why}, 0, l.now, l.evidenceLog.raw)
	l.end(f)
	if f.user != nil {
		l.users.answered(f, class)
	}
}

// note records why a connection failed without a waiting request.
func (l *loop) note(class int, why string) {
	l.stats.failures = loadgen.AddFailure(l.stats.failures, loadgen.Classes[class], why, 0)
}

// count counts a request as an error.
func (l *loop) count(request int32, class int, why string) {
	if !l.logged[class] {
		l.logged[class] = true
		l.engine.logFailure(class, why)
	}
	l.stats.failures = loadgen.AddFailure(l.stats.failures, loadgen.Classes[class], why, 1)
	l.stats.errors[class]++
	if n := l.stats.named; n != nil {
		n[request].requests++
		n[request].errors++
	}
}

func (l *loop) end(f *flight) {
	f.busy = false
	if f.capture != nil {
		l.releaseCapture(f)
	}
	l.flights.remove(f)
	c := f.conn
	c.used--
	f.next, c.spare = c.spare, f
}
