package engine

import (
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// Evidence is collected when a request fails, from what is available at that time: the request if it is
// constant, and the response if it arrived in one read. Nothing is recorded before a failure. What was
// missing is recorded for the next requests with the same name, for which recording is then armed.

// Limits of a loop's evidence.
const (
	maxKinds     = 64     // distinct failures of a run
	maxExchanges = 16     // per interval
	armedFor     = 10_000 // requests
	maxHeads     = 32     // HTTP/2 headers decoded per interval, since that takes longer than counting a response
)

// evidenceLog holds a loop's records of the failures in its run.
type evidenceLog struct {
	seen  map[failureKind]seen
	armed []int32 // by request: number of further requests to record completely
	arms  int     // number of non-zero elements of armed
	spare []*capture
	raw   []byte // received data that is not a response; nil: none
}

// failureKind distinguishes failures.
type failureKind struct {
	request int32
	cause   evidence.Cause
	class   int // of an error
	why     string
}

// seen counts the recorded exchanges of a failure, and the complete ones among them.
type seen struct{ recorded, complete int }

// capture holds the recorded data of a request in flight.
type capture struct {
	sent     []byte   // HTTP/1.1: start of the request
	received []byte   // HTTP/1.1: start of the response, as received
	head     []string // HTTP/2: the response's header
	headed   bool     // head was decoded
	body     []byte   // HTTP/2
}

const (
	maxSent     = 4 << 10
	maxReceived = 8 << 10
)

func (c *capture) add(b []byte) {
	c.received = append(c.received, b[:min(len(b), maxReceived-len(c.received))]...)
}

func (c *capture) addBody(b []byte) {
	c.body = append(c.body, b[:min(len(b), evidence.MaxBody-len(c.body))]...)
}

// startCapture starts to record a request's response.
func (l *loop) startCapture(f *flight) *capture {
	if f.capture == nil {
		if n := len(l.evidenceLog.spare); n > 0 {
			f.capture, l.evidenceLog.spare = l.evidenceLog.spare[n-1], l.evidenceLog.spare[:n-1]
		} else {
			f.capture = &capture{}
		}
	}
	return f.capture
}

// releaseCapture releases the recorded data of a request.
func (l *loop) releaseCapture(f *flight) {
	c := f.capture
	f.capture = nil
	c.sent, c.received, c.head, c.body = c.sent[:0], c.received[:0], nil, c.body[:0]
	c.headed = false
	l.evidenceLog.spare = append(l.evidenceLog.spare, c)
}

// captureSent records a request if recording is armed for it.
func (l *loop) captureSent(f *flight, b []byte) {
	w := &l.evidenceLog
	if w.armed[f.request] == 0 {
		return
	}
	if w.armed[f.request]--; w.armed[f.request] == 0 {
		w.arms--
	}
	c := l.startCapture(f)
	c.sent = append(c.sent[:0], b[:min(len(b), maxSent)]...)
}

func (l *loop) arm(request int32) {
	w := &l.evidenceLog
	if w.armed == nil {
		w.armed = make([]int32, len(l.engine.script.Requests))
	}
	if w.armed[request] == 0 {
		w.arms++
	}
	w.armed[request] = armedFor
}

func (l *loop) disarm(request int32) {
	if w := &l.evidenceLog; w.arms > 0 && w.armed[request] > 0 {
		w.armed[request] = 0
		w.arms--
	}
}

// capturePart records part of a response if recording is armed for the request, or if the status is already
// known to be unexpected.
func (l *loop) capturePart(c *conn, f *flight, b []byte) {
	status := c.parser.Status
	if f.capture == nil && !c.partial && status >= 200 && !l.expects(f, status) && len(l.evidenceLog.seen) < maxKinds {
		l.startCapture(f)
	}
	if f.capture != nil {
		f.capture.add(b)
	}
}

// expects reports whether a status is expected, before the body is known.
func (l *loop) expects(f *flight, status int) bool {
	if f.user != nil {
		return l.users.program.Messages[f.user.message].Expected(status)
	}
	return l.engine.expect[f.request].status[status]
}

// wrong describes why a response is unexpected. The zero value means that it is expected.
type wrong struct {
	cause evidence.Cause
	why   string
}

// unexpected counts an unexpected response and records evidence of it. raw is the latest data received over
// HTTP/1.1.
func (l *loop) unexpected(f *flight, w wrong, status int, at int64, raw []byte) {
	l.stats.wrong[slices.Index(evidence.Causes[:], w.cause)]++
	l.recordFailure(f, failureKind{request: f.request, cause: w.cause, why: w.why}, status, at, raw)
}

// recordUserFailure is like unexpected for the response of a user, which its step has judged.
func (l *loop) recordUserFailure(f *flight, status int, at int64, raw []byte) {
	switch w := l.users.wrong; w.cause {
	case "":
	case evidence.Extract: // the response is as expected, and the iteration fails
		l.recordFailure(f, failureKind{request: f.request, cause: w.cause, why: w.why}, status, at, raw)
	default:
		l.unexpected(f, w, status, at, raw)
	}
}

// recordFailure records a failed exchange, unless there are enough of its kind.
func (l *loop) recordFailure(f *flight, kind failureKind, status int, at int64, raw []byte) {
	w, s := &l.evidenceLog, l.stats
	before, known := w.seen[kind]
	whole := l.allSent(f) && (kind.cause == evidence.Error || l.allReceived(f, raw))
	switch {
	case before.complete >= evidence.PerFailure, before.recorded >= evidence.PerFailure && !whole, !known && len(w.seen) >= maxKinds, len(s.exchanges) >= maxExchanges:
		return
	}
	e := evidence.Exchange{
		Request: l.engine.script.Requests[f.request].Name, Cause: kind.cause, Why: kind.why, AtMS: at / 1e6, LatencyUS: (at - f.due) / 1000, Status: status, Whole: whole,
	}
	if kind.cause == evidence.Error {
		e.Why = string(loadgen.Classes[kind.class]) + ": " + kind.why
	}
	l.describe(&e, f, raw)
	s.exchanges = append(s.exchanges, e)
	before.recorded++
	if whole {
		before.complete++
	}
	if w.seen == nil {
		w.seen = map[failureKind]seen{}
	}
	w.seen[kind] = before
	if before.complete > 0 {
		l.disarm(f.request)
	} else {
		l.arm(f.request)
	}
}

// allSent reports whether the complete request is still available.
func (l *loop) allSent(f *flight) bool {
	return l.engine.script.Requests[f.request].Constant != nil || f.capture != nil && len(f.capture.sent) > 0
}

// allReceived reports whether the complete response is still available. Over HTTP/2, that is the header and
// the body.
func (l *loop) allReceived(f *flight, raw []byte) bool {
	return f.capture != nil || f.conn != nil && f.conn.h2 == nil && !f.conn.partial && raw != nil
}
