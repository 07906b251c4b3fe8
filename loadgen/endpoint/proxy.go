package endpoint

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"landfall/loadgen"
)

// newProxied is the endpoint of a target that a forward proxy reaches: the proxy's own addresses and, for https, a tunnel through it
// (CONNECT, RFC 9110 section 9.3.6). The proxy resolves the target's name, so the target is checked before: see allowProxied.
func newProxied(spec loadgen.Spec, o Options) (*Endpoint, error) {
	to, err := loadgen.ParseTarget("target", spec.Target)
	if err != nil {
		return nil, err
	}
	if err := allowProxied(to, o); err != nil {
		return nil, err
	}
	direct := spec
	direct.Target, direct.Proxy = spec.Proxy, ""
	e, err := newEndpoint(direct, o)
	if err != nil || to.Scheme != "https" {
		return e, err
	}
	e.tunnel = to.Address()
	if proxy, err := loadgen.ParseTarget("proxy", spec.Proxy); err == nil {
		e.proxyAuth = proxy.ProxyAuthorization()
	}
	e.TLS, err = tlsConfig(spec, to.Host, o.MayBlock)
	return e, err
}

// allowProxied refuses a target that is allowed neither by its name nor by all addresses to which this process's resolver resolves it.
func allowProxied(to loadgen.Target, o Options) error {
	if o.Allow == nil {
		return nil
	}
	if addr, err := netip.ParseAddr(to.Host); err == nil {
		return o.Allow(netip.AddrPortFrom(addr.Unmap(), to.Port), to.Host, false)
	}
	if o.Allow(netip.AddrPortFrom(netip.Addr{}, to.Port), to.Host, true) == nil {
		return nil
	}
	look := o.Lookup
	if look == nil {
		look = net.DefaultResolver.LookupNetIP
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupFor)
	defer cancel()
	addrs, err := look(ctx, "ip", to.Host)
	if err == nil && len(addrs) == 0 {
		err = errors.New("no address")
	}
	if err != nil {
		return fmt.Errorf("target %s: it is not allowed by name, and this driver cannot resolve it: %w", to.Host, err)
	}
	for _, addr := range addrs {
		if err := o.Allow(netip.AddrPortFrom(addr.Unmap(), to.Port), to.Host, true); err != nil {
			return err
		}
	}
	return nil
}

// connectThrough makes the proxy at the other end of a connection open a tunnel to the target.
func (e *Endpoint) connectThrough(ctx context.Context, raw net.Conn) error {
	if deadline, ok := ctx.Deadline(); ok {
		raw.SetDeadline(deadline)
		defer raw.SetDeadline(time.Time{})
	}
	text := "CONNECT " + e.tunnel + " HTTP/1.1\r\nHost: " + e.tunnel + "\r\n"
	if e.proxyAuth != "" {
		text += "Proxy-Authorization: " + e.proxyAuth + "\r\n"
	}
	if _, err := raw.Write([]byte(text + "\r\n")); err != nil {
		return fmt.Errorf("proxy %s: %w", e.host, err)
	}
	const most = 64 << 10 // bytes of the proxy's head; the target sends nothing before the TLS handshake
	r, err := http.ReadResponse(bufio.NewReader(&limited{raw, most}), &http.Request{Method: "CONNECT"})
	if err != nil {
		return fmt.Errorf("proxy %s: %w", e.host, err)
	}
	if r.StatusCode/100 != 2 {
		return fmt.Errorf("proxy %s: it answered CONNECT %s with %s", e.host, e.tunnel, r.Status)
	}
	return nil
}

// limited is a connection from which a limited number of bytes can be read.
type limited struct {
	net.Conn
	left int
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("its response's head is too long")
	}
	n, err := l.Conn.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}
