package target

import (
	"io"
	"log"
	"net/http"
	"strings"
	"time"
)

var pong = []byte("pong")

// discard drops net/http's log of broken connections: deliberate failures would flood a terminal.
var discard = log.New(io.Discard, "", 0)

// ServeHTTP answers /ping and paths below it with pong, /metrics with the counters, and everything else like
// the shop.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		s.serveMetrics(w, r)
		return
	}
	s.requests.Add(1)
	if !pause(r.Context(), s.wait(r)) {
		return
	}
	if s.queue != nil {
		switch s.queue.pass(r.Context()) {
		case abandoned:
			return
		case refused:
			s.answerFailure(w, http.StatusServiceUnavailable)
			return
		}
	}
	if lastOfConnection(r.Context(), s.config.CloseEvery) {
		w.Header().Set("Connection", "close")
	}
	if s.fail(w, r) {
		return
	}
	s.responses.Add(1)
	if r.URL.Path == "/ping" || strings.HasPrefix(r.URL.Path, "/ping/") {
		w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
		w.Write(pong)
		return
	}
	s.shop.ServeHTTP(w, r)
}

// wait is how long the response to r is delayed: the sum of all delays, and the rest of the stall into which it would fall.
func (s *Server) wait(r *http.Request) time.Duration {
	now := moment{age: time.Since(s.started), path: r.URL.Path, connections: s.crowd.open()}
	var wait time.Duration
	for _, d := range s.delays {
		wait += d(now)
	}
	return wait + s.stalls.left(now.age+wait)
}

// answerFailure answers with an error on purpose, and counts it as a response.
func (s *Server) answerFailure(w http.ResponseWriter, status int) {
	s.failed.Add(1)
	s.responses.Add(1)
	http.Error(w, "an error on purpose", status)
}
