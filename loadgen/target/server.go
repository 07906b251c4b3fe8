// Package target is the sample HTTP target: it answers /ping, counts what it was asked and what it answered, and
// misbehaves on purpose: slow, uneven, wrong or silent for a while. It is what demos and tests load; it measures nothing
// but its own counters, and holds no lock on the way of a request.
package target

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Config says where a target listens and how it misbehaves, as flags of a command line.
type Config struct {
	Listen     string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (127.0.0.1:8080); port 0: a free one."`
	Delay      time.Duration `placeholder:"TIME" help:"Before every answer."`
	Jitter     time.Duration `placeholder:"TIME" help:"At most so much more delay, evenly spread."`
	ErrorRate  float64       `name:"error-rate" placeholder:"SHARE" help:"Share of requests answered with status 500, from 0 to 1."`
	StallAfter time.Duration `name:"stall-after" placeholder:"TIME" help:"How long after the start a stall begins."`
	StallFor   time.Duration `name:"stall-for" placeholder:"TIME" help:"How long nothing is answered then (no stall)."`
}

// Validate names the field that is wrong, as the command line has it.
func (c Config) Validate() error {
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"delay", c.Delay}, {"jitter", c.Jitter}, {"stall-after", c.StallAfter}, {"stall-for", c.StallFor}} {
		if d.value < 0 || d.value > time.Hour {
			return fmt.Errorf("%s %s: must be between 0s and 1h", d.name, d.value)
		}
	}
	if !(c.ErrorRate >= 0 && c.ErrorRate <= 1) {
		return fmt.Errorf("error-rate %v: must be between 0 and 1", c.ErrorRate)
	}
	return nil
}

// Server is a running target.
type Server struct {
	config  Config
	addr    string
	http    *http.Server
	started time.Time
	done    chan struct{}
	err     error // once done is closed

	requests, responses, failures atomic.Int64
}

// Start listens, and answers until Close.
func Start(c Config) (*Server, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, addr: ln.Addr().String(), started: time.Now(), done: make(chan struct{})}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute, MaxHeaderBytes: 64 << 10, Protocols: protocols()}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			s.err = err
		}
	}()
	return s, nil
}

// protocols: HTTP/1.1 and, for clients that know it beforehand, HTTP/2 without TLS.
func protocols() *http.Protocols {
	p := &http.Protocols{}
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return p
}

// Addr is where the target listens: host:port.
func (s *Server) Addr() string { return s.addr }

// Requests is how many requests have arrived, those for /metrics left out.
func (s *Server) Requests() int64 { return s.requests.Load() }

// Responses is how many requests were answered; no client has seen an answer that is not counted.
func (s *Server) Responses() int64 { return s.responses.Load() }

// Done is closed when the target has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says, once Done is closed, why the target ended by itself; nil after Close.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close ends the target and every connection at once.
func (s *Server) Close() error {
	err := s.http.Close()
	<-s.done
	return err
}

var pong = []byte("pong")

// ServeHTTP answers /ping with pong, /metrics with the counters, and anything else with 404.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		s.serveMetrics(w, r)
		return
	}
	s.requests.Add(1)
	if !s.dawdle(r.Context()) {
		return
	}
	w.Header()["Content-Type"] = []string{"text/plain; charset=utf-8"}
	s.responses.Add(1)
	switch {
	case s.config.ErrorRate > 0 && rand.Float64() < s.config.ErrorRate:
		s.failures.Add(1)
		http.Error(w, "an error on purpose", http.StatusInternalServerError)
	case r.URL.Path == "/ping":
		w.Write(pong)
	default:
		http.NotFound(w, r)
	}
}

// dawdle waits as long as the answer is to be late; false: the client did not wait.
func (s *Server) dawdle(ctx context.Context) bool {
	wait := s.config.Delay
	if s.config.Jitter > 0 {
		wait += rand.N(s.config.Jitter)
	}
	wait = max(wait, s.stalled(time.Since(s.started)))
	if wait <= 0 {
		return true
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// stalled is how much of the stall is left at an age of the server.
func (s *Server) stalled(age time.Duration) time.Duration {
	if s.config.StallFor == 0 || age < s.config.StallAfter {
		return 0
	}
	return max(s.config.StallAfter+s.config.StallFor-age, 0)
}
