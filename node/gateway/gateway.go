// Package gateway serves an orchestrator to programs and browsers: a REST API under /api/v1, live updates
// over WebSocket and Server-Sent Events, metrics in Prometheus' format, and a web page. It authenticates
// callers and presents the fleet's state; packages fleet and orchestrator do the rest.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"landfall/node"
	"landfall/node/gateway/access"
	"landfall/node/orchestrator"
	"landfall/node/secretfile"
)

// Config configures a gateway.
type Config struct {
	Listen    string   // host:port; default 127.0.0.1:8090; beyond loopback TokenFile is needed
	Hosts     []string // further names by which browsers may call it; addresses, localhost and Listen's host always may
	TokenFile string   // lines of name, role (viewer or operator) and token; empty: loopback is trusted
	TLSCert   string   // PEM file, read again when it changes; with TLSKey
	TLSKey    string
	Proxies   []string // addresses and networks of reverse proxies whose X-Forwarded-For is trusted
	Version   string   // of landfall, for reports and the API's document
	Log       *slog.Logger
}

const (
	headerFor   = 5 * time.Second
	readTimeout = 15 * time.Second
	answerFor   = 2 * time.Minute // covers a trigger and a slow reader; live updates have their own timeout
	idleFor     = 2 * time.Minute
	endFor      = 5 * time.Second
	maxHeaders  = 32 << 10 // bytes
)

// Gateway serves one orchestrator. Make one with New and Run it.
type Gateway struct {
	o           *orchestrator.Orchestrator
	config      Config
	log         *slog.Logger
	listener    net.Listener
	access      *access.Control
	idempotency *idempotency
	live        *live
	outcomes    *outcomes
	handler     http.Handler
}

// New validates the configuration and listens, so that Addr is known. It serves nothing before Run.
func New(o *orchestrator.Orchestrator, c Config) (*Gateway, error) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8090"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, errors.New("--tls-cert and --tls-key: give both")
	}
	if c.TokenFile == "" && !node.Loopback(c.Listen) {
		return nil, fmt.Errorf("--listen %s: beyond loopback it needs --token-file", c.Listen)
	}
	d, err := access.New(access.Config{
		Listen: c.Listen, Hosts: c.Hosts, TokenFile: c.TokenFile, TLSCert: c.TLSCert, TLSKey: c.TLSKey, Proxies: c.Proxies, Log: c.Log,
	})
	if err != nil {
		return nil, err
	}
	g := &Gateway{o: o, config: c, log: c.Log, access: d, idempotency: newIdempotency(), outcomes: newOutcomes()}
	g.live = newLive(g)
	if g.handler, err = g.routes(); err != nil {
		return nil, err
	}
	if g.listener, err = d.Listen(); err != nil {
		return nil, err
	}
	secretfile.Warn(c.Log, c.TokenFile, c.TLSKey)
	if c.TLSCert == "" && !node.Loopback(c.Listen) {
		c.Log.Warn("tokens and figures are sent in clear text: --tls-cert and --tls-key are not given", "listen", c.Listen)
	}
	return g, nil
}

// Addr returns the address on which the gateway listens.
func (g *Gateway) Addr() string { return g.listener.Addr().String() }

// Run serves until ctx is done, and then waits a few seconds for open requests.
func (g *Gateway) Run(ctx context.Context) error {
	serving, stop := context.WithCancel(ctx)
	defer stop()
	s := g.server(serving)
	liveDone := make(chan struct{})
	go func() {
		defer close(liveDone)
		g.live.run(serving)
	}()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(g.listener) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		stop()
		end, cancel := context.WithTimeout(context.Background(), endFor)
		defer cancel()
		if s.Shutdown(end) != nil {
			_ = s.Close()
		}
		<-ended
	}
	stop()
	<-liveDone
	return err
}

// server returns the HTTP server, with timeouts for everything that a client can delay.
func (g *Gateway) server(ctx context.Context) *http.Server {
	return &http.Server{
		Handler: g.handler, ReadHeaderTimeout: headerFor, ReadTimeout: readTimeout, WriteTimeout: answerFor, IdleTimeout: idleFor, MaxHeaderBytes: maxHeaders,
		ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelDebug), BaseContext: func(net.Listener) context.Context { return ctx },
	}
}
