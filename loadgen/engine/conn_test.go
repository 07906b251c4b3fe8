package engine

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"landfall/loadgen"
)

// The end of a connection that arrives with the last bytes is handled at once, not at the request's timeout.
func TestBodiesThatEndWithTheConnection(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(c net.Conn, _ int) bool {
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nok")
			return false
		})
		out := carry(t, loadgen.Spec{Target: url, Count: 2000, Connections: 16, Timeout: loadgen.Duration(2 * time.Second)}, o, loadgen.Share{}, nil)
		if out.Total.Responses != 2000 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// A reset does not complete a body.
func TestAResetInABodyThatEndsWithTheConnection(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(c net.Conn, _ int) bool {
			io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nok")
			time.Sleep(20 * time.Millisecond)
			c.(*net.TCPConn).SetLinger(0)
			return false
		})
		out := carry(t, loadgen.Spec{Target: url, Count: 20, Connections: 4, Timeout: loadgen.Duration(2 * time.Second)}, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrRead] != 20 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// Connections that the target closes while idle, or after a response, are reopened.
func TestConnectionsThatIdleAreNotLost(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url := misbehave(t, func(c net.Conn, n int) bool {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
			return false
		})
		spec := loadgen.Spec{Target: url, RateRPS: 100, Count: 100, Connections: 2, Patience: loadgen.Duration(2 * time.Second)}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Responses != 100 || out.Total.Dropped != 0 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// New connections are opened no faster than connect_rate.
func TestTheRateOfConnecting(t *testing.T) {
	const rate, count = 50, 26
	polls(t, func(t *testing.T, o Options) {
		a := watchArrivals(t)
		carry(t, loadgen.Spec{Target: a.url, Count: count, Connections: 10, NoKeepalive: true, ConnectRate: rate}, o, loadgen.Share{}, nil)
		accepted, _ := a.all()
		least := time.Duration(count-o.Threads) * time.Second / rate // each loop opens its first connection at once
		if took := accepted[len(accepted)-1].Sub(accepted[0]); len(accepted) != count || took < least-20*time.Millisecond || took > least+10*time.Second {
			t.Errorf("%d connections within %v, want %v", len(accepted), took, least)
		}
	})
}

// Every snapshot contains the states of the connections.
func TestConnectionStates(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(5 * time.Millisecond) }, nil)
		out := carry(t, loadgen.Spec{Target: r.url, Duration: loadgen.Duration(1200 * time.Millisecond), Connections: 6}, o, loadgen.Share{}, nil)
		if s := out.list[0]; s.Open != 6 || s.Connecting != 0 || s.Paused != 0 {
			t.Errorf("%d open, %d connecting, %d paused", s.Open, s.Connecting, s.Paused)
		}
		dead := carry(t, loadgen.Spec{Target: "http://127.0.0.1:1/", Duration: loadgen.Duration(1200 * time.Millisecond), Connections: 6}, o, loadgen.Share{}, nil)
		if s := dead.list[0]; s.Open != 0 || s.Paused == 0 || s.Paused+s.Connecting > 6 {
			t.Errorf("of a dead target: %d open, %d connecting, %d paused", s.Open, s.Connecting, s.Paused)
		}
	})
}
