package access

import (
	"net"
	"sync"
)

const (
	maxConnections = 4096 // idle ones take about 25 KB each
	maxPerHost     = 512  // of one host: a proxy may speak for many
)

// limitedListener is a listener that limits connections, in total and per host: it closes those in excess.
type limitedListener struct {
	net.Listener
	all, each int

	mu   sync.Mutex
	n    int
	from map[string]int
}

func newCrowd(l net.Listener, all, each int) *limitedListener {
	return &limitedListener{Listener: l, all: all, each: each, from: map[string]int{}}
}

// Accept returns the next connection within the limits.
func (c *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		host := hostOf(conn.RemoteAddr().String())
		if c.enter(host) {
			return &countedConn{Conn: conn, leave: sync.OnceFunc(func() { c.leave(host) })}, nil
		}
		_ = conn.Close()
	}
}

func (c *limitedListener) enter(host string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n >= c.all || c.from[host] >= c.each {
		return false
	}
	c.n++
	c.from[host]++
	return true
}

func (c *limitedListener) leave(host string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.from[host]--; c.from[host] == 0 {
		delete(c.from, host)
	}
}

// countedConn is a connection that is no longer counted once it is closed.
type countedConn struct {
	net.Conn
	leave func()
}

func (c *countedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
