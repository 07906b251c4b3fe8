// Package target is the sample HTTP target: it answers /ping, has a small shop in which virtual users log in, buy and
// upload ([shop.Shop]), counts requests, responses and what users did wrong, and misbehaves on purpose. It is what demos
// and tests load, and the truth that they compare with: a queue whose capacity is known, a service time whose
// distribution is set, and one illness a file ([Config] has them all). It measures nothing but its own counters.
package target

import (
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
	err     error // once done is closed

	shop     *shop.Shop
	delays   []delay
	stalls   stalls
	queue    *queue // nil without a capacity
	failures *failures
	crowd    crowd

	requests, responses, failed atomic.Int64
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
	return StartOn(ln, c)
}

// StartOn answers on a listener until Close, which closes it; Listen of the configuration is not looked at.
func StartOn(ln net.Listener, c Config) (s *Server, err error) {
	if err = c.Validate(); err == nil {
		s = newServer(c)
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

// newServer is a target that does not listen yet.
func newServer(c Config) *Server {
	s := &Server{config: c, started: time.Now(), done: make(chan struct{})}
	s.shop = shop.New(shop.Config{Accounts: c.Accounts, SecondHost: c.SecondHost})
	s.delays = delays(c)
	s.stalls = stalls{after: c.StallAfter, length: c.StallFor, period: c.StallEvery}
	s.queue = newQueue(c)
	s.failures = newFailures(c)
	return s
}

// newHTTP speaks HTTP/1.1 and HTTP/2, the latter over TLS or to clients that know it beforehand.
func newHTTP(s *Server) (*http.Server, error) {
	p := &http.Protocols{}
	p.SetHTTP1(true)
	p.SetHTTP2(s.config.TLS)
	p.SetUnencryptedHTTP2(!s.config.TLS)
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: time.Minute, MaxHeaderBytes: 64 << 10, Protocols: p,
		ConnState: s.crowd.count, ConnContext: withRequestCount, ErrorLog: discard,
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

// Addr is where the target listens: host:port.
func (s *Server) Addr() string { return s.addr }

// URL is where the target answers, without a path: http://host:port, or https with TLS.
func (s *Server) URL() string {
	if s.config.TLS {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// Requests returns the number of requests so far, except those to /metrics.
func (s *Server) Requests() int64 { return s.requests.Load() }

// Responses is how many requests were answered; no client has seen an answer that is not counted.
func (s *Server) Responses() int64 { return s.responses.Load() }

// Done is closed when the target has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err returns, once Done is closed, why the target stopped by itself; nil after Close.
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
	if s.queue != nil {
		s.queue.close()
	}
	return err
}
