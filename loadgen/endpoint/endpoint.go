package engine

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
	"landfall/loadgen/script"
)

// endpoint is a destination of requests: the addresses of a host, and how to connect to them.
type endpoint struct {
	host   string // as the target names it; "unix:/path" for a Unix socket
	socket string // path of a Unix socket; "": TCP
	port   string
	fixed  []netip.AddrPort // from an address in the target or from resolve; nil: the name is looked up
	tls    *tls.Config      // nil: plain
	allow  func(netip.AddrPort, string, bool) error
	bind   []netip.Addr
	dialer func(ctx context.Context, network, address string) (net.Conn, error) // nil: a net.Dialer
	look   func(ctx context.Context, network, host string) ([]netip.Addr, error)

	tunnel    string // host:port that the proxy at the addresses connects to; "": none
	proxyAuth string

	addrs  atomic.Pointer[[]*address]
	turn   atomic.Uint64
	bound  atomic.Uint64
	mu     sync.Mutex
	looked time.Time // when the name was last looked up
	err    error     // result, if it failed
}

const (
	lookupFor   = 5 * time.Second
	lookupAgain = time.Second // names are looked up again on reconnecting, but no more often
)

// newEndpoints returns the destinations of a spec's requests: the target and, for scenarios, their other
// hosts.
func newEndpoints(spec loadgen.Spec, o Options, p *script.Program) ([]*endpoint, error) {
	target, err := newEndpoint(spec, o)
	if err != nil || p == nil {
		return []*endpoint{target}, err
	}
	list := []*endpoint{target}
	for _, host := range p.Hosts[1:] {
		spec.Target, spec.TLS.ServerName = host.Origin, ""
		e, err := newEndpoint(spec, o)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

func newEndpoint(spec loadgen.Spec, o Options) (*endpoint, error) {
	if spec.Proxy != "" {
		return newProxied(spec, o)
	}
	e := &endpoint{allow: o.Allow, bind: o.Bind, dialer: o.Dial, look: o.Lookup}
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
	e.host, e.socket = to.Endpoint(), to.Socket
	if e.socket != "" {
		return e, e.allow(netip.AddrPort{}, e.host, false)
	}
	if err := e.checkBind(); err != nil {
		return nil, err
	}
	if to.Scheme == "https" {
		if e.tls, err = tlsConfig(spec, to.Host, o.portable()); err != nil {
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
func (e *endpoint) lookup(ctx context.Context) error {
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

// current refreshes the addresses if it is time, and returns why the last lookup failed.
func (e *endpoint) current() error {
	if e.fixed != nil {
		return nil
	}
	e.renew()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// renew looks the name up again in another goroutine, if that was not done recently.
func (e *endpoint) renew() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if time.Since(e.looked) < lookupAgain {
		return
	}
	first := e.looked.IsZero()
	e.looked = time.Now()
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

// dial opens a connection, blocking, to the address first if it is not nil and answers. class is the class of
// an error.
func (e *endpoint) dial(ctx context.Context, first *address) (raw net.Conn, class int, err error) {
	if e.socket != "" {
		raw, err = e.open(ctx, "unix", e.socket, netip.Addr{})
		return raw, failedClass(err, classConnect), err
	}
	list, err := e.candidates(first)
	if err != nil {
		return nil, classDNS, err
	}
	raw, err = e.race(ctx, list)
	if err == nil && e.tunnel != "" {
		if err = e.connectThrough(ctx, raw); err != nil {
			raw.Close()
		}
	}
	return raw, failedClass(err, classConnect), err
}

// open dials one address, from a source address unless that is the zero address.
func (e *endpoint) open(ctx context.Context, network, address string, from netip.Addr) (net.Conn, error) {
	if e.dialer != nil {
		return e.dialer(ctx, network, address)
	}
	var d net.Dialer
	if from.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
	}
	return d.DialContext(ctx, network, address)
}

// failedClass returns class, unless time ran out.
func failedClass(err error, class int) int {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return classTimeout
	}
	return class
}

// tlsConfig returns the TLS configuration. A target may request another handshake once (TLS 1.2) if reads may
// block in it.
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

// shake performs the TLS handshake on a connection whose Read and Write block.
func (e *endpoint) shake(ctx context.Context, raw net.Conn) (*tls.Conn, error) {
	c := tls.Client(raw, e.tls)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	if len(e.tls.NextProtos) > 0 && c.ConnectionState().NegotiatedProtocol != e.tls.NextProtos[0] {
		return nil, errNoH2
	}
	return c, nil
}
