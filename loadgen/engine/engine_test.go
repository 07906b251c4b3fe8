package engine

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

func TestEveryRequestIsCountedAsTheTargetCounts(t *testing.T) {
	t.Parallel()
	second := loadgen.Duration(time.Second)
	for _, c := range []struct {
		name string
		spec loadgen.Spec
		want int64
	}{
		{"avalanche by count", loadgen.Spec{Count: 5001, Connections: 7}, 5001},
		{"avalanche by duration", loadgen.Spec{Duration: second / 2, Connections: 7}, 0},
		{"tsunami by duration", loadgen.Spec{RateRPS: 500, Duration: second, Connections: 7}, 500},
		{"tsunami by count", loadgen.Spec{RateRPS: 1000, Count: 777, Connections: 7}, 777},
		{"poisson", loadgen.Spec{RateRPS: 1000, Arrivals: "poisson", Count: 500, Seed: 7, Connections: 7}, 500},
		{"one connection", loadgen.Spec{RateRPS: 300, Duration: second, Connections: 1}, 300},
		{"more connections than requests", loadgen.Spec{Count: 3, Connections: 64}, 3},
		{"no keep-alive", loadgen.Spec{Count: 300, Connections: 5, NoKeepalive: true}, 300},
		{"a limit on connecting", loadgen.Spec{Count: 20, Connections: 5, NoKeepalive: true, ConnectRate: 100}, 20},
		{"with a body", loadgen.Spec{Count: 300, Connections: 5, Body: "hello"}, 300},
		{"burst", loadgen.Spec{Count: 64, Connections: 64, Burst: true}, 64},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				r := serve(t, nil, nil)
				spec := c.spec
				spec.Target = r.url
				out := carry(t, spec, o, loadgen.Share{}, nil)
				if n := out.Total.Responses; n != r.served.Load() || n != out.Total.Requests || c.want > 0 && n != c.want {
					t.Errorf("%d requests, %d responses; the target counted %d, asked for %d", out.Total.Requests, n, r.served.Load(), c.want)
				}
				if out.Total.BytesRead == 0 || out.Total.BytesWritten == 0 || out.Total.Connects == 0 {
					t.Errorf("nothing was counted: %+v", out.Total)
				}
			})
		})
	}
}

func TestAdjustCountsEveryRequestOnce(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		spec := loadgen.Spec{Target: r.url, RateRPS: 500, Duration: loadgen.Duration(3 * time.Second), Connections: 8}
		out := carry(t, spec, o, loadgen.Share{}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() > 0 })
			e.Adjust(loadgen.Share{Seq: 1, From: loadgen.Duration(time.Second), Until: loadgen.Duration(2 * time.Second), Connections: 4, Schedule: steady(1000), Of: 1})
		})
		if n := out.Total.Responses; n != 1500 || r.served.Load() != n {
			t.Errorf("500 in the first second and 1000 in the next: %d responses, the target counted %d", n, r.served.Load())
		}
	})
}

// The quota grows after all 400 requests have been sent, while one is still in flight.
func TestAdjustGrowsAQuotaThatWasUsedUp(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var engine atomic.Pointer[Engine]
		var asked atomic.Int64
		r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if asked.Add(1) == 400 {
				engine.Load().Adjust(loadgen.Share{Seq: 1, Quota: 1000, Connections: 3, Of: 1})
			}
			io.WriteString(w, "ok")
		}, nil)
		e, err := New(loadgen.Spec{Target: r.url, Count: 400, Connections: 3}.WithDefaults(), o)
		if err != nil {
			t.Fatal(err)
		}
		engine.Store(e)
		got := int64(0)
		_ = e.Run(t.Context(), time.Now(), loadgen.Share{Quota: 400, Connections: 3, Of: 1}, func(s loadgen.Snapshot) { got = s.Total.Responses })
		if got != 1000 || got != r.served.Load() {
			t.Errorf("%d responses of 1000; the target counted %d", got, r.served.Load())
		}
	})
}

func TestDrainAndEnd(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			time.Sleep(20 * time.Millisecond)
			io.WriteString(w, "ok")
		}, nil)
		out := carry(t, loadgen.Spec{Target: r.url, Duration: loadgen.Duration(time.Minute), Connections: 10}, o, loadgen.Share{}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() > 100 })
			e.Drain()
		})
		if n := out.Total.Responses; n == 0 || n != out.Total.Requests || n != r.served.Load() {
			t.Errorf("drained: %+v; the target counted %d", out.Total, r.served.Load())
		}
		silent := serve(t, func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() }, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		e, err := New(loadgen.Spec{Target: silent.url, Duration: loadgen.Duration(time.Minute), Connections: 10}.WithDefaults(), o)
		if err != nil {
			t.Fatal(err)
		}
		var last loadgen.Snapshot
		if err := e.Run(ctx, time.Now(), loadgen.Share{Connections: 10, Of: 1}, func(s loadgen.Snapshot) { last = s }); err != nil || !last.Final {
			t.Errorf("ended: %v, %+v", err, last)
		}
		if last.Total.Errors[loadgen.ErrRead] == 0 {
			t.Errorf("requests in flight are not errors: %+v", last.Total)
		}
	})
}

func TestDueRequestsAreDroppedWhenPatienceEnds(t *testing.T) {
	t.Parallel()
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			time.Sleep(200 * time.Millisecond)
			io.WriteString(w, "ok")
		}, nil)
		out := carry(t, loadgen.Spec{Target: r.url, RateRPS: 50, Duration: loadgen.Duration(2 * time.Second), Connections: 2, Patience: loadgen.Duration(100 * time.Millisecond)}, o, loadgen.Share{}, nil)
		if out.Begun != 100 || out.Total.Dropped < 60 || out.Total.Responses != r.served.Load() {
			t.Errorf("begun %d, %+v; the target counted %d", out.Begun, out.Total, r.served.Load())
		}
	})
}

func TestNamedRequestsAndPlaceholders(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		seen := sync.Map{}
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if _, twice := seen.LoadOrStore(q.URL.String(), true); twice && q.URL.Path == "/item" {
				w.WriteHeader(409)
			}
		}, nil)
		spec := loadgen.Spec{Target: r.url, Count: 600, Connections: 6, Requests: []loadgen.Request{{Name: "item", URL: "/item?n={{seq}}", Weight: 2}, {Name: "home", URL: "/"}}}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		named := map[string]int64{}
		for _, s := range out.list {
			for _, n := range s.Named {
				if named[n.Name] += n.Requests; n.Latency.Count() != n.Requests || n.Service.Count() != n.Requests {
					t.Errorf("%+v", n)
				}
			}
		}
		if out.Total.Unexpected != 0 || named["item"]+named["home"] != 600 || named["item"] < 330 || named["item"] > 470 {
			t.Errorf("%+v, %v", out.Total, named)
		}
	})
}
