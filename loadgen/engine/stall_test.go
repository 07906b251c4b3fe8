package engine

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// stalling is a target that answers nothing for a second, and notes when it answered which request.
type stalling struct {
	from, to time.Time
	mu       sync.Mutex
	answered map[int]time.Time
}

func (s *stalling) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	k, _ := strconv.Atoi(q.URL.Path[1:])
	if now := time.Now(); now.After(s.from) {
		time.Sleep(s.to.Sub(now))
	}
	s.mu.Lock()
	s.answered[k] = time.Now()
	s.mu.Unlock()
	io.WriteString(w, "ok")
}

// A target that stalls for a second: whatever was due meanwhile waited, for a connection or for its response. No percentile
// is below what follows from the schedule and the stall alone, and no request is missing. On a virtual clock percentiles are
// exact; here a busy machine may make them larger.
func TestPercentilesThroughAStall(t *testing.T) {
	const rate, seconds = 1000, 4
	polls(t, func(t *testing.T, o Options) {
		start := time.Now().Add(250 * time.Millisecond)
		s := &stalling{from: start.Add(1500 * time.Millisecond), to: start.Add(2500 * time.Millisecond), answered: map[int]time.Time{}}
		r := serve(t, s.ServeHTTP, nil)
		e, err := New(loadgen.Spec{Target: r.url + "/{{seq}}", RateRPS: rate, Duration: loadgen.Duration(seconds * time.Second), Connections: 64}.WithDefaults(), o)
		if err != nil {
			t.Fatal(err)
		}
		measured := hdr.New()
		share := loadgen.Share{Connections: 64, Schedule: steady(rate), Until: loadgen.Duration(seconds * time.Second), Of: 1}
		if err := e.Run(t.Context(), start, share, func(s loadgen.Snapshot) { measured.Merge(s.Latency) }); err != nil {
			t.Fatal(err)
		}
		least := s.latencies(start, rate)
		if len(least) != rate*seconds || measured.Count() != rate*seconds {
			t.Fatalf("%d answers, %d latencies, want %d", len(least), measured.Count(), rate*seconds)
		}
		for _, q := range []float64{0.80, 0.90, 0.95, 0.99} {
			if got, want := measured.Quantile(q), least[int(q*rate*seconds)]; float64(got) < 0.97*float64(want) {
				t.Errorf("p%g: %d µs, by the schedule and the stall at least %d", 100*q, got, want)
			}
		}
	})
}

// latencies are those of a target that answers at once but for its stall, of the requests that it answered; in µs, in order.
func (s *stalling) latencies(start time.Time, rate int) (least []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.answered {
		due := start.Add(time.Duration(k) * time.Second / time.Duration(rate))
		if due.Before(s.from) || due.After(s.to) {
			due = s.to
		}
		least = append(least, s.to.Sub(due).Microseconds())
	}
	slices.Sort(least)
	return least
}
