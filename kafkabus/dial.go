package kafkabus

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	dialTimeout = 3 * time.Second
	// silence is the read timeout where no deadline is set; in kafka-go, that is only during the SASL handshake.
	silence = 10 * time.Second
)

// dialer tracks its connections, so that the Bus can close them all.
type dialer struct {
	net.Dialer
	instead map[string]string // Config.Dial

	mu     sync.Mutex
	conns  map[*conn]struct{}
	failed error // error of the last attempt; nil: it succeeded
	closed bool
}

func newDialer(instead map[string]string) *dialer {
	return &dialer{instead: instead, Dialer: net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}, conns: map[*conn]struct{}{}}
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if there, mapped := d.instead[address]; mapped {
		address = there
		if path, local := strings.CutPrefix(there, "unix:"); local {
			network, address = "unix", path
		}
	}
	nc, err := d.DialContext(ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil || ctx.Err() == nil { // a canceled attempt proves nothing
		d.failed = err
	}
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: nc, dialer: d}
	if d.closed {
		nc.Close()
		return nil, net.ErrClosed
	}
	d.conns[c] = struct{}{}
	return c, nil
}

// unreachable returns why the last attempt to dial failed; nil if it succeeded.
func (d *dialer) unreachable() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

func (d *dialer) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for c := range d.conns {
		c.Conn.Close()
	}
	clear(d.conns)
}

// conn is a connection whose reads always have a timeout.
type conn struct {
	net.Conn
	dialer *dialer
	timed  atomic.Bool // a deadline is set
}

func (c *conn) SetDeadline(t time.Time) error {
	c.timed.Store(!t.IsZero())
	return c.Conn.SetDeadline(t)
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.timed.Store(!t.IsZero())
	return c.Conn.SetReadDeadline(t)
}

func (c *conn) Read(p []byte) (int, error) {
	if !c.timed.Load() {
		c.Conn.SetReadDeadline(time.Now().Add(silence))
	}
	return c.Conn.Read(p)
}

func (c *conn) Close() error {
	c.dialer.mu.Lock()
	delete(c.dialer.conns, c)
	c.dialer.mu.Unlock()
	return c.Conn.Close()
}
