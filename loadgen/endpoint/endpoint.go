// Package endpoint resolves and connects to the destinations of requests: host names and their addresses, source addresses,
// Unix sockets, forward proxies and TLS handshakes.
package endpoint

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// Endpoint is a destination of requests: the addresses of a host, and how to connect to them.
type Endpoint struct {
	host   string // as written in the target; "unix:/path" for a Unix socket
	Socket string // path of a Unix socket; "": TCP
	port   string
	fixed  []netip.AddrPort // from an address in the target or from resolve; nil: the name is looked up
	TLS    *tls.Config      // nil: plain
	allow  func(netip.AddrPort, string, bool) error
	bind   []netip.Addr
	dialer func(ctx context.Context, network, address string) (net.Conn, error) // nil: a net.Dialer
	look   func(ctx context.Context, network, host string) ([]netip.Addr, error)

	tunnel    string // host:port to which the proxy opens a tunnel; "": none
	proxyAuth string

	addrs      atomic.Pointer[[]*Address]
	turn       atomic.Uint64
	bound      atomic.Uint64
	mu         sync.Mutex
	lookedUpAt time.Time // when the name was last looked up
	err        error     // error of the last lookup
}

const (
	lookupFor   = 5 * time.Second
	lookupAgain = time.Second // minimum interval between lookups when connections are reopened
)

// Options configure endpoints; the options of the engine have more details.
type Options struct {
	Allow    func(addr netip.AddrPort, host string, resolved bool) error
	Bind     []netip.Addr
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
	Lookup   func(ctx context.Context, network, host string) ([]netip.Addr, error)
	MayBlock bool // reads may block during a second TLS handshake, which a target may request once (TLS 1.2)
}

// New returns the endpoints of a spec's requests: the target and, for scenarios, the other hosts by origin.
func New(spec loadgen.Spec, o Options, others []string) ([]*Endpoint, error) {
	target, err := newEndpoint(spec, o)
	if err != nil {
		return nil, err
	}
	list := []*Endpoint{target}
	for _, origin := range others {
		spec.Target, spec.TLS.ServerName = origin, ""
		e, err := newEndpoint(spec, o)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

func newEndpoint(spec loadgen.Spec, o Options) (*Endpoint, error) {
	if spec.Proxy != "" {
		return newProxied(spec, o)
	}
	e := &Endpoint{allow: o.Allow, bind: o.Bind, dialer: o.Dial, look: o.Lookup}
	if e.look == nil {
		e.look = net.DefaultResolver.LookupNetIP
	}
	if e.allow == nil {
		e.allow = func(netip.AddrPort, string, bool) error { return nil }
	}
	to, err := loadgen.ParseTarget("target", spec.Target)
	if err != nil {
		return nil, err
	}
	e.host, e.Socket = to.Endpoint(), to.Socket
	if e.Socket != "" {
		return e, e.allow(netip.AddrPort{}, e.host, false)
	}
	if err := e.checkBind(); err != nil {
		return nil, err
	}
	if to.Scheme == "https" {
		if e.TLS, err = tlsConfig(spec, to.Host, o.MayBlock); err != nil {
			return nil, err
		}
	}
	e.port = strconv.Itoa(int(to.Port))
	if e.fixed, err = fixedAddrs(spec.Resolve, e.host, e.port); err != nil {
		return nil, err
	}
	return e, e.lookup(context.Background())
}

// fixedAddrs returns the addresses that need no lookup: the host itself, or those that resolve assigns to it.
func fixedAddrs(resolve []string, host, port string) ([]netip.AddrPort, error) {
	if _, err := netip.ParseAddr(host); err == nil {
		a, err := netip.ParseAddrPort(net.JoinHostPort(host, port))
		if err != nil {
			return nil, field.Wrong("target", host, "must be a URL whose port is between 1 and 65535")
		}
		return []netip.AddrPort{a}, nil
	}
	return loadgen.Resolved(resolve, host, port)
}

// lookup refreshes the addresses. All of them must be allowed.
func (e *Endpoint) lookup(ctx context.Context) error {
	list := e.fixed
	if list == nil {
		ctx, cancel := context.WithTimeout(ctx, lookupFor)
		defer cancel()
		addrs, err := e.look(ctx, "ip", e.host)
		if err != nil {
			return fmt.Errorf("target %s: its name does not resolve: %w", e.host, err)
		}
		port, err := net.DefaultResolver.LookupPort(ctx, "tcp", e.port)
		if err != nil {
			return field.Wrong("target", e.port, "its port must be between 1 and 65535")
		}
		for _, a := range addrs {
			list = append(list, netip.AddrPortFrom(a.Unmap(), uint16(port)))
		}
	}
	for _, a := range list {
		if err := e.allow(a, e.host, e.fixed == nil); err != nil {
			return err
		}
	}
	if list = e.reachable(list); len(list) == 0 {
		return field.Wrong("bind", e.bind, "none is of the same family (IPv4 or IPv6) as the target's addresses")
	}
	addrs := addressesOf(list, e.addrs.Load())
	e.addrs.Store(&addrs)
	return nil
}

// current refreshes the addresses if they are old, and returns why the last lookup failed.
func (e *Endpoint) current() error {
	if e.fixed != nil {
		return nil
	}
	e.renew()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// renew looks the name up again in another goroutine, unless that was done recently.
func (e *Endpoint) renew() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if time.Since(e.lookedUpAt) < lookupAgain {
		return
	}
	first := e.lookedUpAt.IsZero()
	e.lookedUpAt = time.Now()
	if first {
		return // New has just done it
	}
	go func() {
		err := e.lookup(context.Background())
		e.mu.Lock()
		defer e.mu.Unlock()
		e.err = err
	}()
}

// Dial opens a connection and blocks until it is established. It tries first, if not nil, before other addresses. class is the class of an
// error.
func (e *Endpoint) Dial(ctx context.Context, first *Address) (raw net.Conn, class loadgen.Class, err error) {
	if e.Socket != "" {
		raw, err = e.open(ctx, "unix", e.Socket, netip.Addr{})
		return raw, Class(err, loadgen.ErrConnect), err
	}
	list, err := e.candidates(first)
	if err != nil {
		return nil, loadgen.ErrDNS, err
	}
	raw, err = e.race(ctx, list)
	if err == nil && e.tunnel != "" {
		if err = e.connectThrough(ctx, raw); err != nil {
			raw.Close()
		}
	}
	return raw, Class(err, loadgen.ErrConnect), err
}

// Several reports whether there are several addresses.
func (e *Endpoint) Several() bool { return len(*e.addrs.Load()) > 1 }

// open dials one address, from a source address unless that is the zero address.
func (e *Endpoint) open(ctx context.Context, network, address string, from netip.Addr) (net.Conn, error) {
	if e.dialer != nil {
		return e.dialer(ctx, network, address)
	}
	var d net.Dialer
	if from.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
	}
	return d.DialContext(ctx, network, address)
}

// Class returns the class of an error, unless the time limit was exceeded.
func Class(err error, class loadgen.Class) loadgen.Class {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return loadgen.ErrTimeout
	}
	return class
}

// tlsConfig returns the TLS configuration.
func tlsConfig(spec loadgen.Spec, host string, mayBlock bool) (*tls.Config, error) {
	t := spec.TLS
	c := &tls.Config{ServerName: host, InsecureSkipVerify: t.Insecure, ClientSessionCache: tls.NewLRUClientSessionCache(256)}
	if mayBlock {
		c.Renegotiation = tls.RenegotiateOnceAsClient
	}
	if t.ServerName != "" {
		c.ServerName = t.ServerName
	}
	if spec.HTTP2 {
		c.NextProtos = []string{"h2"}
	}
	if t.CA != "" {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM([]byte(t.CA)) {
			return nil, field.Wrong("tls.ca", "", "must hold certificates in PEM")
		}
	}
	if t.Cert != "" || t.Key != "" {
		pair, err := tls.X509KeyPair([]byte(t.Cert), []byte(t.Key))
		if err != nil {
			return nil, field.Wrong("tls.cert", "", "must be a certificate in PEM, and tls.key its key: %v", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// errNoH2 means that the server does not speak HTTP/2.
var errNoH2 = errors.New("the target does not speak HTTP/2")

// Shake performs the TLS handshake on a connection whose Read and Write block.
func (e *Endpoint) Shake(ctx context.Context, raw net.Conn) (*tls.Conn, error) {
	c := tls.Client(raw, e.TLS)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	if len(e.TLS.NextProtos) > 0 && c.ConnectionState().NegotiatedProtocol != e.TLS.NextProtos[0] {
		return nil, errNoH2
	}
	return c, nil
}
