package capacity

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// queue is a target with fixed servers and service times behind an open-loop generator: its capacity is
// servers ÷ service time. A target that collapses fails for good once requests have waited too long.
type queue struct {
	rng      *rand.Rand
	servers  free
	service  float64 // seconds
	sigma    float64 // of the logarithm of the service time
	now      float64
	patience float64
	cap      float64 // of the generator, requests/s; 0: none
	collapse float64 // seconds of waiting at which it collapses; 0: never
	down     bool
	hiccups  float64 // share of the seconds in which the generator is late and one of ten drivers may be missing; afterwards it catches up
	owed     float64 // requests that are still to be sent after a hiccup
}

// free holds the times at which servers become free.
type free []float64

func (f free) Len() int           { return len(f) }
func (f free) Less(i, j int) bool { return f[i] < f[j] }
func (f free) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *free) Push(x any)        { *f = append(*f, x.(float64)) }
func (f *free) Pop() any          { last := (*f)[len(*f)-1]; *f = (*f)[:len(*f)-1]; return last }

func newQueue(capacity, service, sigma float64, seed uint64) *queue {
	q := &queue{rng: rand.New(rand.NewPCG(seed, 1)), service: service, sigma: sigma, patience: 2}
	q.servers = make(free, int(math.Round(capacity*service)))
	return q
}

// second simulates one second at a rate.
func (q *queue) second(rate float64) Second {
	s := Second{Asked: rate, Latency: hdr.New(), Coverage: 1}
	sent := rate
	if q.cap > 0 && rate > q.cap {
		sent, s.Limited = q.cap, "CPU: 100 % of 2 cores used"
	}
	late := 0.0
	if q.rng.Float64() < q.hiccups {
		late, s.Limited = .6, "its schedule"
		if q.rng.IntN(10) == 0 {
			s.Coverage = .9
		}
		sent, q.owed = .7*rate, q.owed+.3*rate
	} else {
		sent, q.owed = sent+q.owed, 0
	}
	for i := range int(sent) {
		at := q.now + float64(i)/sent
		begin := max(at, q.servers[0])
		if wait := begin - at; wait > q.patience {
			s.Counts.Dropped++
			continue
		} else if q.collapse > 0 && wait > q.collapse {
			q.down = true
		}
		took := q.service * math.Exp(q.sigma*q.rng.NormFloat64()-q.sigma*q.sigma/2)
		s.Counts.Requests++
		s.Counts.Responses++
		if q.down {
			s.Counts.Unexpected++
		}
		q.servers[0] = begin + took
		heap.Fix(&q.servers, 0)
		s.Latency.Record(int64((begin + took - at + late) * 1e6))
	}
	q.now++
	for _, t := range q.servers {
		if t > q.now {
			s.InFlight++
		}
	}
	return s
}

func objectives(t *testing.T, list ...string) (conditions []condition.Condition) {
	t.Helper()
	for _, text := range list {
		c, err := condition.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		conditions = append(conditions, c)
	}
	return conditions
}

// search runs a machine against a queue. A new rate takes effect from the second after the next, as over a
// broker.
func search(t *testing.T, c Config, q *queue) (Certificate, int) {
	t.Helper()
	m := New(c)
	rate, seconds := m.Rate(), 0
	for ; m.Phase() != Ended; seconds++ {
		if seconds == 1000 {
			t.Fatalf("no end after %d s: %+v", seconds, m.Certificate())
		}
		s := q.second(rate)
		rate = m.Rate()
		m.Observe(s)
	}
	return m.Certificate(), seconds
}

func TestCapacityIsFound(t *testing.T) {
	for _, want := range []float64{500, 2000, 8000} {
		for seed := range uint64(20) {
			q := newQueue(want, .02, .5*float64(seed%2), seed)
			c, seconds := search(t, Config{Objectives: objectives(t, "p99<250ms", "failed<0.1%")}, q)
			if !c.Confirmed || c.RateRPS < want*.95 || c.RateRPS > want*1.02 {
				t.Errorf("seed %d: %.6g/s of %v, %+v", seed, c.RateRPS, want, c)
			}
			if c.BelowRPS < want*.98 || c.Broke == "" || c.StaysDown || c.RecoveryS == 0 || c.AtLeast {
				t.Errorf("seed %d: %+v", seed, c)
			}
			if seconds > 240 {
				t.Errorf("seed %d: %v took %d s", seed, want, seconds)
			}
		}
	}
}

// A rate above the drivers' caps is never reached: the result is the highest rate that held.
func TestCapOfTheDrivers(t *testing.T) {
	m, q := New(Config{Objectives: objectives(t, "p99<250ms")}), newQueue(2000, .02, 0, 1)
	for m.Phase() != Ended {
		m.Observe(q.second(min(m.Rate(), 900)))
	}
	if c := m.Certificate(); c.RateRPS != 800 || !c.AtLeast || c.Confirmed || c.Limit != "the drivers allow no more than 900/s" {
		t.Errorf("%+v", c)
	}
}

func TestTargetStaysDown(t *testing.T) {
	q := newQueue(500, .02, 0, 1)
	q.collapse = 1
	c, _ := search(t, Config{Objectives: objectives(t, "p99<100ms", "failed<1%")}, q)
	if !c.StaysDown || c.RateRPS < 400 || !strings.Contains(c.Ended, "stays down") {
		t.Errorf("%+v", c)
	}
}

func TestHighestRateHolds(t *testing.T) {
	q := newQueue(5000, .02, 0, 1)
	c, _ := search(t, Config{Objectives: objectives(t, "p99<250ms"), To: 1000}, q)
	if c.RateRPS != 1000 || !c.AtLeast || !c.Confirmed || c.BelowRPS != 0 {
		t.Errorf("%+v", c)
	}
}

func TestFirstRateTooHigh(t *testing.T) {
	q := newQueue(50, .02, 0, 1)
	c, _ := search(t, Config{Objectives: objectives(t, "p99<250ms"), From: 1000}, q)
	if !c.Confirmed || c.RateRPS < 47.5 || c.RateRPS > 51 {
		t.Errorf("%+v", c)
	}
}

func TestNoRateHolds(t *testing.T) {
	q := newQueue(500, .02, 0, 1)
	c, _ := search(t, Config{Objectives: objectives(t, "p99<1ms")}, q)
	if c.RateRPS != 0 || c.Confirmed || !strings.Contains(c.Ended, "not even the lowest rate") {
		t.Errorf("%+v", c)
	}
}

// If latency grows with the rate, the knee is below the rate at which the objective fails.
func TestKnee(t *testing.T) {
	q := newQueue(500, .02, 1, 3)
	c, _ := search(t, Config{Objectives: objectives(t, "p99<2s"), From: 50}, q)
	if c.KneeRPS < 100 || c.KneeRPS > c.RateRPS {
		t.Errorf("knee %v, capacity %v", c.KneeRPS, c.RateRPS)
	}
	curve := c.Curve()
	for i := range curve[1:] {
		if curve[i].RateRPS > curve[i+1].RateRPS {
			t.Errorf("not in order: %+v", curve)
		}
	}
}
