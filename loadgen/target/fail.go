package target

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// failure is a way in which a request fails: an HTTP status, or one of the constants.
type failure int

const (
	closes        failure = -1 - iota // close the connection without a response
	resets                            // reset the connection
	hangs                             // do not respond
	writesGarbage                     // send something that is not HTTP
	noFailure     failure = 0
)

var failureNames = map[string]failure{"": noFailure, "close": closes, "reset": resets, "hang": hangs, "garbage": writesGarbage}

func parseFailure(text string) (failure, error) {
	if f, ok := failureNames[text]; ok {
		return f, nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 400 && n <= 599 {
		return failure(n), nil
	}
	return 0, fmt.Errorf("fail-with %q: must be a status from 400 to 599, close, reset, hang or garbage", text)
}

// failures is the fault of a target whose requests fail in one way, after a time or above a rate.
type failures struct {
	how   failure
	after time.Duration // age of the target
	above *meter        // nil: at any rate
}

func newFailures(c Config) *failures {
	how, _ := parseFailure(c.FailWith) // validated by Config.Validate
	f := &failures{how: how, after: c.FailAfter}
	if c.FailAbove > 0 {
		f.above = &meter{gap: time.Duration(float64(time.Second) / c.FailAbove)}
	}
	return f
}

// hits reports whether a request that arrives at an age of the target fails.
func (f *failures) hits(age time.Duration) bool {
	if f.how == noFailure {
		return false
	}
	exceeds := f.above == nil || f.above.exceeded(age) // also before f.after, to keep the meter running
	return exceeds && age >= f.after
}

// fail makes a request fail if the configuration says so, and reports whether it did.
func (s *Server) fail(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case s.failures.hits(time.Since(s.started)):
		s.failAs(s.failures.how, w, r)
	case s.config.ErrorRate > 0 && rand.Float64() < s.config.ErrorRate:
		s.answerFailure(w, http.StatusInternalServerError)
	default:
		return false
	}
	return true
}

func (s *Server) failAs(how failure, w http.ResponseWriter, r *http.Request) {
	if how > 0 {
		s.answerFailure(w, int(how))
		return
	}
	s.failed.Add(1)
	if how == hangs {
		<-r.Context().Done()
		return
	}
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2: only the stream can be reset
		panic(http.ErrAbortHandler)
	}
	defer c.Close()
	switch how {
	case resets:
		if tcp, ok := c.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
	case writesGarbage:
		c.Write([]byte("this is not HTTP\r\n\r\n"))
	}
}

// burst is how far ahead of its rate a meter accepts requests, so that a paced client below the rate never exceeds it.
const burst = 100 * time.Millisecond

// meter decides which requests exceed a rate. It is a token bucket by virtual scheduling (ITU-T I.371, GCRA) in one word.
type meter struct {
	gap time.Duration // between requests at the rate
	due atomic.Int64  // age at which the next request would be due
}

// exceeded counts a request at an age of the target and reports whether it exceeds the rate. Such requests take no token.
func (m *meter) exceeded(age time.Duration) bool {
	for {
		due := m.due.Load()
		if time.Duration(due) > age+burst {
			return true
		}
		if m.due.CompareAndSwap(due, int64(max(time.Duration(due), age)+m.gap)) {
			return false
		}
	}
}
