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

// A target that stalls for a second: whatever was due meanwhile waited, for a connection or for its answer, and the
// percentiles say so. What they should be follows from the schedule, which says when each request was due, and from the
// target, which says when it answered it. An answer may lie about on a busy machine before the engine gets to read it,
// and that is no error in the percentiles: the best of three rounds counts.
func TestPercentilesThroughAStall(t *testing.T) {
	const rate, seconds, rounds = 1000, 4, 3
	polls(t, func(t *testing.T, o Options) {
		for round := 1; ; round++ {
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
			exact, least := s.latencies(start, rate)
			if len(exact) != rate*seconds || measured.Count() != rate*seconds {
				t.Fatalf("%d answers, %d latencies, want %d", len(exact), measured.Count(), rate*seconds)
			}
			wrong := false
			for _, q := range []float64{0.80, 0.90, 0.95, 0.99} {
				i := int(q * rate * seconds)
				got := measured.Quantile(q)
				t.Logf("p%g: %d µs; by schedule and target %d, if the target had caught up at once %d", 100*q, got, exact[i], least[i])
				wrong = wrong || float64(got) < 0.97*float64(max(exact[i], least[i])) || float64(got) > 1.03*float64(exact[i])
			}
			if !wrong {
				return
			}
			if round == rounds {
				t.Fatalf("the percentiles are wrong in all of %d rounds", rounds)
			}
		}
	})
}

// latencies are those that the target's answers make of the schedule, and those of a target that answers at once but for
// its stall; in µs, in order.
func (s *stalling) latencies(start time.Time, rate int) (exact, least []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, at := range s.answered {
		due := start.Add(time.Duration(k) * time.Second / time.Duration(rate))
		exact = append(exact, at.Sub(due).Microseconds())
		if due.Before(s.from) || due.After(s.to) {
			due = s.to
		}
		least = append(least, s.to.Sub(due).Microseconds())
	}
	slices.Sort(exact)
	slices.Sort(least)
	return exact, least
}
