package target

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// crowdDelay is the fault of a target that is slow while it has many connections, such as one with a small pool.
func crowdDelay(above int, by time.Duration) delay {
	return func(m moment) time.Duration {
		if m.connections <= int64(above) {
			return 0
		}
		return by
	}
}

// connectionCount counts open connections.
type connectionCount struct{ n atomic.Int64 }

func (c *connectionCount) open() int64 { return c.n.Load() }

// count is the ConnState of the [http.Server]. Hijacked connections are closed soon, by [Server.failAs].
func (c *connectionCount) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.n.Add(1)
	case http.StateClosed, http.StateHijacked:
		c.n.Add(-1)
	}
}
