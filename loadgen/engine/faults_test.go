package engine

import (
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// A quota can grow after it was used up, while responses are outstanding.
func TestAQuotaGrowsWhileTheLastRequestsAreInFlight(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		adjusted := make(chan struct{})
		r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			<-adjusted
			io.WriteString(w, "ok")
		}, nil)
		began := time.Now()
		out := carry(t, loadgen.Spec{Target: r.url, Count: 10, Connections: 20}, o, loadgen.Share{}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() == 10 })
			e.Adjust(loadgen.Share{Seq: 1, Quota: 25, Connections: 20, Of: 1})
			close(adjusted)
		})
		if took := time.Since(began); out.Total.Responses != 25 || r.served.Load() != 25 || took > 20*time.Second {
			t.Errorf("after %v %d responses, the target counted %d", took, out.Total.Responses, r.served.Load())
		}
	})
}

// Fewer connections than loops send the whole schedule.
func TestAdjustToFewerConnectionsThanLoops(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		spec := loadgen.Spec{Target: r.url, RateRPS: 200, Duration: loadgen.Duration(2 * time.Second), Connections: 4, Patience: loadgen.Duration(4 * time.Second)}
		out := carry(t, spec, o, loadgen.Share{}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() > 0 })
			e.Adjust(loadgen.Share{Seq: 1, From: loadgen.Duration(time.Second), Until: loadgen.Duration(2 * time.Second), Connections: 1, Schedule: steady(200), Of: 1})
		})
		if out.Total.Responses != 400 || out.Total.Dropped != 0 || r.served.Load() != 400 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// A target that never stops sending delays neither the loop nor the clock.
func TestABodyWithoutEndTimesOut(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		o.Threads = 1
		var stop atomic.Bool
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/quick" {
				io.WriteString(w, "ok")
				return
			}
			piece := make([]byte, 64<<10)
			for !stop.Load() {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		}, nil)
		defer stop.Store(true)
		spec := loadgen.Spec{Target: r.url, Count: 4, Connections: 2, Timeout: loadgen.Duration(300 * time.Millisecond)}
		began := time.Now()
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrTimeout] != 4 || time.Since(began) > 5*time.Second {
			t.Errorf("after %v: %+v", time.Since(began), out.Total)
		}
	})
}

// A run can end while connections are being opened.
func TestTheEndWhileConnecting(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() }) // the kernel accepts connections, but nothing responds to the handshake
	polls(t, func(t *testing.T, o Options) {
		spec := loadgen.Spec{Target: "https://" + ln.Addr().String(), Count: 30, Connections: 10, Timeout: loadgen.Duration(100 * time.Millisecond), TLS: loadgen.TLS{Insecure: true}}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrTimeout] != 30 {
			t.Errorf("%+v", out.Total)
		}
	})
}
