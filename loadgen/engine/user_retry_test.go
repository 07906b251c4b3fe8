package engine

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// closing is a server that closes each connection when its fourth request arrives. It counts requests, and connections whose end the client
// has noticed, and returns its URL.
func closing(t *testing.T, seen, left *atomic.Int64) string {
	return misbehave(t, func(conn net.Conn, n int) bool {
		seen.Add(1)
		if n == 3 {
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
			left.Add(1)
			return false
		}
		_, err := fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		return err == nil
	})
}

// four is a user whose fourth request is sent over a connection that is being closed.
func four(url string, spec loadgen.Spec) loadgen.Spec {
	spec.Target, spec.Timeout = url, loadgen.Duration(time.Minute)
	spec.Scenarios = []loadgen.Scenario{{Name: "four", Steps: []loadgen.Step{{Repeat: 4, Steps: []loadgen.Step{{Name: "get", Get: "/"}}}}}}
	return spec
}

// A user's request that was not processed is retried, at once or as soon as a connection may be opened and the owner's limit allows it.
func TestUsersRequestsAreSentOnceMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		spec    loadgen.Spec
		options Options
	}{
		{"at once", loadgen.Spec{Users: 1, Count: 20}, Options{}},
		{"when a connection may be opened", loadgen.Spec{Users: 1, Count: 20, ConnectRate: 50}, Options{}},
		{"several users", loadgen.Spec{Users: 5, Count: 20, ConnectRate: 100}, Options{}},
		{"when the cap allows it", loadgen.Spec{Users: 2, Count: 10}, Options{MaxRate: 60}},
	} {
		for _, shared := range []bool{false, true} {
			t.Run(fmt.Sprint(c.name, ", sharing: ", shared), func(t *testing.T) {
				t.Parallel()
				polls(t, func(t *testing.T, o Options) {
					var seen, left atomic.Int64
					spec := four(closing(t, &seen, &left), c.spec)
					if o.MaxRate = c.options.MaxRate; shared {
						spec.SharedConnections, spec.Connections = true, 1
					}
					total := carry(t, spec, o, loadgen.Share{Schedule: spec.WithDefaults().UserSchedule()}, nil).Total
					if want := 4 * spec.Count; total.Requests != want || total.Responses != want || total.Iterations != spec.Count || total.IterationsFailed != 0 {
						t.Errorf("%+v", total)
					}
					if total.Retried < spec.Count || seen.Load() != total.Requests+total.Retried {
						t.Errorf("%d retried; the target saw %d of %d", total.Retried, seen.Load(), total.Requests)
					}
				})
			})
		}
	}
}

// A waiting retry ends at the request's deadline, or when the run is stopped.
func TestUsersRetriesEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		timeout time.Duration
		stop    bool
		class   loadgen.Class
		why     string
	}{
		{"at the deadline", 300 * time.Millisecond, false, loadgen.ErrTimeout, whyNotSentAgain},
		{"with the run", time.Hour, true, loadgen.ErrRead, whyUnsent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				var seen, left atomic.Int64
				spec := four(closing(t, &seen, &left), loadgen.Spec{Users: 1, Count: 1, ConnectRate: 0.001})
				spec.Timeout = loadgen.Duration(c.timeout)
				stop := func(e *Engine) {
					if c.stop {
						waitFor(t, func() bool { return left.Load() > 0 })
						e.Drain()
					}
				}
				m := carry(t, spec, o, loadgen.Share{Schedule: spec.WithDefaults().UserSchedule()}, stop)
				if total := m.Total; total.Requests != 4 || total.Responses != 3 || total.Errors[c.class] != 1 || total.Retried != 1 || total.IterationsFailed != 1 || m.why(c.class, c.why) != 1 {
					t.Errorf("%+v, %+v", total, m.failures)
				}
			})
		})
	}
}
