package target

import (
	"io"
	"log"
	"net/http"
	"strings"
	"time"
)

var pong = []byte("pong")

// discard drops the log of net/http, which reports every connection that fails on purpose.
var discard = log.New(io.Discard, "", 0)

// ServeHTTP responds with pong to /ping and the paths below it, and with the counters to /metrics. The shop handles all other paths.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		s.serveMetrics(w, r)
		return
	}
	s.requests.Add(1)
	if !s.pause(r.Context(), s.wait(r)) {
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

// wait returns the delay of the response to r: the sum of all delays, and the rest of a stall that is in progress then.
func (s *Server) wait(r *http.Request) time.Duration {
	now := moment{age: time.Since(s.started), path: r.URL.Path, connections: s.connections.open()}
	var wait time.Duration
	for _, d := range s.delays {
		wait += d(now)
	}
	return wait + s.stalls.left(now.age+wait)
}

// answerFailure responds with an error status and counts it as a response.
func (s *Server) answerFailure(w http.ResponseWriter, status int) {
	s.failed.Add(1)
	s.responses.Add(1)
	http.Error(w, "simulated failure", status)
}
