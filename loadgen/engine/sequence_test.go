package engine

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/pace"
)

// If one loop gets slow requests and another fast ones, the requests of a sequence are still sent equally often.
func TestASequenceIsKeptToByLoopsOfUnequalSpeed(t *testing.T) {
	for name, extent := range map[string]loadgen.Spec{"by count": {Count: 400}, "by duration": {Duration: loadgen.Duration(time.Second)}} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				var mu sync.Mutex
				came := map[string]int{}
				r := serve(t, func(w http.ResponseWriter, q *http.Request) {
					mu.Lock()
					came[q.URL.Path]++
					mu.Unlock()
					if q.URL.Path == "/slow" {
						time.Sleep(10 * time.Millisecond)
					}
				}, nil)
				spec := extent
				spec.Target, spec.Connections, spec.Order = r.url, 4, "sequence"
				spec.Requests = []loadgen.Request{{Name: "fast", URL: "/fast"}, {Name: "slow", URL: "/slow"}}
				carry(t, spec, o, loadgen.Share{}, nil)
				mu.Lock()
				defer mu.Unlock()
				if fast, slow := came["/fast"], came["/slow"]; slow < 100 || fast < slow-pace.Batch || fast > slow+pace.Batch {
					t.Errorf("%d fast ones, %d slow ones", fast, slow)
				}
			})
		})
	}
}

// If an avalanche has as many requests as the CSV has rows, each row is used once, whichever loop is faster, and the numbers have no gap.
func TestEveryNumberAndRowIsUsedOnce(t *testing.T) {
	const rows = 6000 // enough for loops to reserve batches
	table := "id\n"
	for i := range rows {
		table += "r" + strconv.Itoa(i) + "\n"
	}
	for name, spec := range map[string]loadgen.Spec{"avalanche": {}, "burst": {Burst: true}} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				var seen [rows]atomic.Int32
				r := serve(t, func(w http.ResponseWriter, q *http.Request) {
					k, err := strconv.Atoi(q.URL.Query().Get("seq"))
					if err != nil || k >= rows || q.URL.Query().Get("id") != "r"+strconv.Itoa(k) {
						w.WriteHeader(400)
						return
					}
					seen[k].Add(1)
				}, nil)
				spec := spec
				spec.Target, spec.Connections, spec.Count, spec.CSV = r.url+"/?seq={{seq}}&id={{csv.id}}", 7, rows, table
				if out := carry(t, spec, o, loadgen.Share{}, nil); out.Total.Unexpected != 0 {
					t.Errorf("%+v", out.Total)
				}
				for k := range seen {
					if n := seen[k].Load(); n != 1 {
						t.Fatalf("number %d was used %d times", k, n)
					}
				}
			})
		})
	}
}

// A driver that gets more work after it has finished its share creates another engine, which continues the numbers of iterations, users and
// unique rows.
func TestNumbersContinueInAnotherEngine(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		for _, kind := range []loadgen.Kind{loadgen.Avalanche, loadgen.Tsunami} {
			var mu sync.Mutex
			seen := map[string]int{}
			r := serve(t, func(_ http.ResponseWriter, q *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				for _, name := range []string{"row", "user", "iteration"} {
					if value := name + q.URL.Query().Get(name); value != "user" || kind == loadgen.Tsunami {
						seen[value]++
					}
				}
			}, nil)
			spec := loadgen.Spec{Kind: kind, Target: r.url, Users: 5, Duration: loadgen.Duration(time.Minute), Data: map[string]loadgen.Dataset{"accounts": {Rows: accountRows(200), Pick: loadgen.PickUnique}}}
			query := map[string]string{"row": "{{accounts.user}}", "iteration": "{{iteration}}"}
			share := loadgen.Share{Quota: 50}
			if kind == loadgen.Tsunami { // each iteration belongs to another user
				query["user"] = "{{user}}"
				spec.RateRPS, share.Schedule = 1000, steady(1000)
			} else {
				share.Schedule = spec.UserSchedule()
			}
			spec.Scenarios = []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Name: "get", Get: "/", Query: query}}}}
			o.Threads, o.After = 2, Given{}
			for range 3 {
				engine := make(chan *Engine, 1)
				carry(t, spec, o, share, func(running *Engine) { engine <- running })
				o.After = (<-engine).Given()
			}
			want := 300
			if kind == loadgen.Tsunami {
				want = 450
			}
			mu.Lock()
			values := len(seen)
			mu.Unlock()
			if r.served.Load() != 150 || values != want {
				t.Errorf("%s: %d requests with %d values, want 150 with %d: some were used twice", kind, r.served.Load(), values, want)
			}
		}
	})
}
