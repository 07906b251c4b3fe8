package engine

import (
	"cmp"
	"slices"
	"time"

	"landfall/loadgen/evidence"
)

// attempt is a request to send: for the first time, or again because the target did not process it. That is known if the target refuses a
// stream or sends GOAWAY on an HTTP/2 connection (RFC 9113 section 8.7). If the target closes an HTTP/1.1 connection that was open for a while
// without a byte of the response, requests with an idempotent method may be sent again (RFC 9110 section 9.2.2). A retry keeps the due time and the
// deadline of the request and counts as the same request.
type attempt struct {
	due, k   int64
	deadline int64
	request  int32
	retries  uint8
	left     uint8
	user     *user // user whose request is retried, or nil
}

// maxLeft is how often a request is retried after GOAWAY. Once is too few: servers close each connection after a number of requests,
// regardless of requests on their way.
const maxLeft = 10

// maxRefused is how often a refused request is retried. Once is too few: a proxy refuses a stream when its connection to the backend has
// just been closed, possibly twice in a row.
const maxRefused = 3

// idempotent are the methods whose requests may be sent twice (RFC 9110, section 9.2.2).
var idempotent = map[string]bool{"GET": true, "HEAD": true, "OPTIONS": true, "TRACE": true, "PUT": true, "DELETE": true}

// retry removes a request from its connection to send it again.
func (l *loop) retry(f *flight) attempt {
	r := attempt{due: f.due, k: f.k, deadline: f.deadline, request: f.request, retries: f.retries, left: f.left}
	l.stats.retried++
	l.end(f)
	return r
}

// refused retries a request that the target did not process, on any connection with room: up to maxRefused times if the stream was refused,
// up to maxLeft times after GOAWAY.
func (l *loop) refused(f *flight, left bool, why string) {
	if l.ended || left && f.left == maxLeft || !left && f.retries == maxRefused {
		l.fail(f, classRead, why)
		return
	}
	r := l.retry(f)
	if left {
		r.left++
	} else {
		r.retries++
	}
	r.user, f.user = f.user, nil
	l.queue(r)
}

// queue stores a retry until a connection is free. The retry with the earliest deadline is sent first.
func (l *loop) queue(r attempt) {
	i, _ := slices.BinarySearchFunc(l.retries, r, func(a, b attempt) int { return cmp.Compare(a.deadline, b.deadline) })
	l.retries = slices.Insert(l.retries, i, r)
}

// idleFrom is the time without a request after which a target may close a connection, even before its first request.
const idleFrom = int64(time.Second)

// keptOpen reports whether the target kept the connection of a request open before it: it has answered an earlier one, or there was none for
// a while. All connections are opened before the run, and some carry their first request much later.
func (c *conn) keptOpen(sent int64) bool { return c.answered || sent-c.openSince >= idleFrom }

// resend retries the request of a kept-open connection that the target has closed, over a new connection. It returns false if the target
// may have processed the request, or if it was already retried.
func (l *loop) resend(c *conn) bool {
	f := &c.flights[0]
	if c.h2 != nil || !f.busy || f.retries > 0 || !c.keptOpen(f.sent) || c.partial || l.ended || l.beyondCap() || !l.engine.idempotent[f.request] {
		return false
	}
	now := l.dialAt <= l.now && c.id < l.limit && l.allowed()
	r := l.retry(f)
	r.retries++
	l.close(c)
	if !now {
		r.user, f.user = f.user, nil
		l.queue(r)
		l.settle(c)
		return true
	}
	l.carry(c, r)
	return true
}

// sendRetries sends queued retries while connections are free.
func (l *loop) sendRetries() {
	for len(l.retries) > 0 {
		if !l.allowed() {
			return
		}
		c := l.pick()
		if c == nil {
			l.engine.throttle.GiveBack()
			return
		}
		r := l.retries[0]
		l.retries = slices.Delete(l.retries, 0, 1)
		l.carry(c, r)
	}
}

// expireRetries fails retries that found no connection in time.
func (l *loop) expireRetries() {
	for len(l.retries) > 0 && l.retries[0].deadline <= l.now {
		l.failRetry(l.retries[0], classTimeout, whyNotSentAgain)
		l.retries = slices.Delete(l.retries, 0, 1)
	}
}

// failRetry fails a request that waits for its retry.
func (l *loop) failRetry(r attempt, class int, why string) {
	l.count(r.request, class, why)
	f := flight{request: r.request, due: r.due, k: r.k, user: r.user}
	l.recordFailure(&f, failureKind{request: r.request, cause: evidence.Error, class: class, why: why}, 0, l.now, nil)
	if f.user != nil {
		l.users.answered(&f, class)
	}
}

// failRetries fails retries that will not be sent, because the run has ended.
func (l *loop) failRetries() {
	for _, r := range l.retries {
		l.failRetry(r, classRead, whyUnsent)
	}
	l.retries = nil
}

// sendRetries sends the retries of users, each over a connection to the same host. If users have their own connections, one without room
// delays no other user's request.
func (s *users) sendRetries() {
	l := s.loop
	for i := 0; i < len(l.retries); {
		r := l.retries[i]
		if !s.mayAsk(r.user) {
			if s.shared {
				return
			}
			i++
			continue
		}
		l.retries = slices.Delete(l.retries, i, i+1)
		c := r.user.conn
		c.spare.user = r.user
		l.carry(c, r)
	}
}
