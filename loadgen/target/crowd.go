package target

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// crowdDelay is the illness of a target that becomes slower at a number of connections, such as one with a pool of that size.
func crowdDelay(above int, by time.Duration) delay {
	return func(m moment) time.Duration {
		if m.connections <= int64(above) {
			return 0
		}
		return by
	}
}

// crowd counts open connections.
type crowd struct{ n atomic.Int64 }

func (c *crowd) open() int64 { return c.n.Load() }

// count is a [http.Server]'s ConnState. A connection that was taken over to fail a request is closed right after that.
func (c *crowd) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.n.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.n.Add(-1)
	}
}
