package engine

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
)

// arrivals is a target that records when connections and requests arrive.
type arrivals struct {
	url      string
	mu       sync.Mutex
	accepted []time.Time
	came     []time.Time
}

func (a *arrivals) note(list *[]time.Time) {
	now := time.Now()
	a.mu.Lock()
	*list = append(*list, now)
	a.mu.Unlock()
}

// all returns the recorded times, requests in order.
func (a *arrivals) all() (accepted, came []time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	slices.SortFunc(a.came, time.Time.Compare)
	return a.accepted, a.came
}

// watchArrivals answers requests without a body, with as little overhead as possible.
func watchArrivals(t *testing.T) *arrivals {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &arrivals{url: "http://" + ln.Addr().String()}
	accept(t, ln, func(c net.Conn) {
		a.note(&a.accepted)
		a.answer(c)
	})
	return a
}

func (a *arrivals) answer(c net.Conn) {
	buf, have := make([]byte, 4096), 0
	for have < len(buf) {
		n, err := c.Read(buf[have:])
		if err != nil {
			return
		}
		if have += n; !bytes.HasSuffix(buf[:have], []byte("\r\n\r\n")) {
			continue
		}
		a.note(&a.came)
		have = 0
		if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
			return
		}
	}
}

// On the machine's own clock no request arrives before it is due, and none is missing, whichever way the
// loops wait. The delays depend on the machine; on a virtual clock they are exact.
func TestNoRequestArrivesEarly(t *testing.T) {
	const rate = 1000
	polls(t, func(t *testing.T, o Options) {
		a := watchArrivals(t)
		start := time.Now().Add(300 * time.Millisecond)
		var wg sync.WaitGroup
		for i := range 2 {
			e, err := New(loadgen.Spec{Target: a.url, RateRPS: rate, Duration: loadgen.Duration(time.Second), Connections: 64}.WithDefaults(), o)
			if err != nil {
				t.Fatal(err)
			}
			share := loadgen.Share{Connections: 32, Schedule: steady(rate), Until: loadgen.Duration(time.Second), Index: i, Of: 2}
			wg.Go(func() {
				if err := e.Run(t.Context(), start, share, func(loadgen.Snapshot) {}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		_, came := a.all()
		if len(came) != rate {
			t.Fatalf("%d requests came", len(came))
		}
		for k, at := range came {
			if due := start.Add(time.Duration(k) * time.Second / rate); at.Before(due) {
				t.Fatalf("request %d came %v before it was due", k, due.Sub(at))
			}
		}
	})
}

// A burst's connections are open before T0, and no request arrives before it.
func TestABurstIsConnectedBeforeT0(t *testing.T) {
	const connections = 64
	for name, spec := range map[string]loadgen.Spec{"keep-alive": {}, "no keep-alive": {NoKeepalive: true}} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				a, spec := watchArrivals(t), spec
				spec.Target, spec.Count, spec.Connections, spec.Burst = a.url, connections, connections, true
				start := time.Now().Add(2 * time.Second)
				burst(t, spec, o, start)
				accepted, came := a.all()
				if len(accepted) != connections || len(came) != connections {
					t.Fatalf("%d connections, %d requests", len(accepted), len(came))
				}
				if late := accepted[connections-1].Sub(start); late > 0 {
					t.Errorf("a connection was opened %v after T0", late)
				}
				if came[0].Before(start) {
					t.Errorf("a request came %v before T0", start.Sub(came[0]))
				}
			})
		})
	}
}

// Over HTTP/2, as many requests as the streams allow are sent at T0, because the engine has awaited the
// peer's SETTINGS.
func TestABurstOverHTTP2(t *testing.T) {
	const connections, streams = 4, 16
	polls(t, func(t *testing.T, o Options) {
		a := &arrivals{}
		all := make(chan struct{}) // nothing is answered before everything has arrived
		var once sync.Once
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			a.note(&a.came)
			if _, came := a.all(); len(came) == connections*streams {
				once.Do(func() { close(all) })
			}
			select {
			case <-all:
			case <-q.Context().Done():
			}
		}, startClear)
		burst(t, loadgen.Spec{Target: r.url, HTTP2: true, Streams: streams, Connections: connections, Count: connections * streams, Burst: true}, o, time.Now().Add(time.Second))
		if _, came := a.all(); len(came) != connections*streams {
			t.Errorf("%d requests came", len(came))
		}
	})
}

func burst(t *testing.T, spec loadgen.Spec, o Options, start time.Time) {
	t.Helper()
	spec = spec.WithDefaults()
	e, err := New(spec, o)
	if err != nil {
		t.Fatal(err)
	}
	var last loadgen.Snapshot
	share := loadgen.Share{Connections: spec.Connections, Quota: spec.Count, Of: 1}
	if err := e.Run(t.Context(), start, share, func(s loadgen.Snapshot) { last = s }); err != nil {
		t.Fatal(err)
	}
	if last.Total.Responses != spec.Count {
		t.Fatalf("%+v", last.Total)
	}
}
