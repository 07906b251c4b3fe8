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

// stalling is a target that stalls for a second, and records when it answered each request.
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

// A target stalls for a second: all requests due meanwhile waited, for a connection or for their response. No percentile is below the value
// that follows from the schedule and the stall, and no request is missing. On a virtual clock percentiles are exact; here a busy machine
// may increase them.
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

// latencies returns the sorted latencies, in µs, of a target that responds at once except during its stall.
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
