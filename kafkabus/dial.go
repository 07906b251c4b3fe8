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
	// silence bounds a read that has no deadline of its own. Within kafka-go only the SASL handshake reads so.
	silence = 10 * time.Second
)

// dialer knows every connection it made, so that none outlives the Bus.
type dialer struct {
	net.Dialer
	instead map[string]string // Config.Dial

	mu     sync.Mutex
	conns  map[*conn]struct{}
	failed error // why the last attempt did not succeed; nil: it did
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
	if err == nil || ctx.Err() == nil { // an attempt that was given up says nothing
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

// unreachable is why nothing can be dialled; nil: the last attempt succeeded.
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

// conn never waits for ever in a read.
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
