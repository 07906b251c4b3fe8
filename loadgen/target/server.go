// Package target is the sample HTTP target for demos and tests. It serves /ping, a small shop for virtual users ([shop.Shop]) and its
// counters as /metrics.
//
// It is a reference to compare measurements with: its capacity and the distribution of its service time are known, it counts exactly, and
// it can misbehave on purpose. [Config] lists the faults; each has a file of its own. [Start] starts a target:
//
//	s, err := target.Start(target.Config{Listen: "127.0.0.1:0", Capacity: 500})
//	...
//	defer s.Close()
//	fmt.Println(s.URL())
package target

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"landfall/loadgen/target/shop"
)

// Server is a running target.
type Server struct {
	config  Config
	addr    string
	http    *http.Server
	started time.Time
	done    chan struct{}
	err     error // valid after done is closed

	shop        *shop.Shop
	delays      []delay
	stalls      stalls
	queue       *queue // nil without a capacity
	failures    *failures
	connections connectionCount
	pause       func(context.Context, time.Duration) bool // waits; false: the context was canceled first

	requests, responses, failed atomic.Int64
}

// Start starts a target that runs until Close.
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
	return startOn(ln, c, pause)
}

// StartOn starts a target on a listener, which Close closes. It ignores c.Listen. Its delays are those of Go's timers, which
// may be late by a millisecond, but follow a virtual clock.
func StartOn(ln net.Listener, c Config) (*Server, error) { return startOn(ln, c, rest) }

func startOn(ln net.Listener, c Config, pause func(context.Context, time.Duration) bool) (s *Server, err error) {
	if err = c.Validate(); err == nil {
		s = newServer(c)
		s.pause = pause
		s.addr = ln.Addr().String()
		s.http, err = newHTTP(s)
	}
	if err != nil {
		ln.Close()
		return nil, err
	}
	if s.queue != nil {
		s.queue.start()
	}
	go func() {
		defer close(s.done)
		if err := s.serve(ln); !errors.Is(err, http.ErrServerClosed) {
			s.err = err
		}
	}()
	return s, nil
}

// newServer returns a target that does not listen yet.
func newServer(c Config) *Server {
	s := &Server{config: c, started: time.Now(), done: make(chan struct{}), pause: rest}
	s.shop = shop.New(shop.Config{Accounts: c.Accounts, SecondHost: c.SecondHost})
	s.delays = delays(c)
	s.stalls = stalls{after: c.StallAfter, length: c.StallFor, period: c.StallEvery}
	s.queue = newQueue(c)
	s.failures = newFailures(c)
	return s
}

// newHTTP returns the HTTP server: HTTP/1.1, and HTTP/2 over TLS or with prior knowledge.
func newHTTP(s *Server) (*http.Server, error) {
	p := &http.Protocols{}
	p.SetHTTP1(true)
	p.SetHTTP2(s.config.TLS)
	p.SetUnencryptedHTTP2(!s.config.TLS)
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: time.Minute, MaxHeaderBytes: 64 << 10, Protocols: p,
		ConnState: s.connections.count, ConnContext: withRequestCount, ErrorLog: discard,
	}
	var err error
	if s.config.TLS {
		server.TLSConfig, err = tlsConfig(s.config.HandshakeDelay, "localhost", "127.0.0.1", "::1", s.config.SecondHost)
	}
	return server, err
}

func (s *Server) serve(ln net.Listener) error {
	if s.config.TLS {
		return s.http.ServeTLS(ln, "", "")
	}
	return s.http.Serve(ln)
}

// Addr returns host:port.
func (s *Server) Addr() string { return s.addr }

// URL returns http://host:port, or https://host:port with TLS.
func (s *Server) URL() string {
	if s.config.TLS {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// Requests returns the number of requests received, except those to /metrics.
func (s *Server) Requests() int64 { return s.requests.Load() }

// Responses returns the number of responses. A response is counted before the client receives it.
func (s *Server) Responses() int64 { return s.responses.Load() }

// Done returns a channel that is closed when the target has stopped.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err returns the error that stopped the target, once Done is closed. It returns nil after Close.
func (s *Server) Err() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Close stops the target and closes all connections.
func (s *Server) Close() error {
	err := s.http.Close()
	<-s.done
	if s.queue != nil {
		s.queue.close()
	}
	return err
}
