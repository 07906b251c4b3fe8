package engine

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// A loop that has the slow requests does not leave the fast ones to the other: a sequence is what is sent, in equal parts.
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
				if fast, slow := came["/fast"], came["/slow"]; slow < 100 || fast < slow-batch || fast > slow+batch {
					t.Errorf("%d fast ones, %d slow ones", fast, slow)
				}
			})
		})
	}
}

// As many requests of an avalanche as the CSV has rows use each row once, whichever loop is faster, and are numbered without a gap.
func TestEveryNumberAndRowIsUsedOnce(t *testing.T) {
	const rows = 6000 // enough for loops to take several at a time
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
