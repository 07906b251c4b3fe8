package loadgen

import (
	"math/rand/v2"
	"testing"
	"time"
)

func rate(v float64) *float64 { return &v }

func flat(v float64) Schedule { return Schedule{{From: rate(v), To: v}} }

func random(r *rand.Rand) Schedule {
	var s Schedule
	for range 1 + r.IntN(5) {
		st := Stage{Duration: Duration(1+r.IntN(20)) * Duration(time.Second), To: float64(r.IntN(2000))}
		if r.IntN(3) == 0 {
			st.From = rate(float64(r.IntN(2000)))
		}
		s = append(s, st)
	}
	return s
}

func TestScheduleTable(t *testing.T) {
	ten := Duration(10 * time.Second)
	for _, c := range []struct {
		name  string
		s     Schedule
		at    time.Duration
		count int64
		rate  float64
	}{
		{"constant", flat(1000), 10 * time.Second, 10000, 1000},
		{"constant, not whole", flat(0.5), 3 * time.Second, 2, 0.5},
		{"ramp up", Schedule{{Duration: ten, To: 100}}, 10 * time.Second, 500, 0},
		{"half a ramp", Schedule{{Duration: ten, To: 100}}, 5 * time.Second, 125, 50},
		{"ramp and hold", Schedule{{Duration: ten, To: 100}, {Duration: ten, To: 100}}, 20 * time.Second, 1500, 0},
		{"nothing", Schedule{{To: 0}}, time.Hour, 0, 0},
		{"pause between", Schedule{{Duration: ten, From: rate(10), To: 10}, {Duration: ten, From: rate(0), To: 0}, {From: rate(10), To: 10}}, 30 * time.Second, 200, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n, r := c.s.Count(c.at), c.s.Rate(c.at); n != c.count || r != c.rate {
				t.Errorf("%d requests by %v, then %v/s; want %d, %v/s", n, c.at, r, c.count, c.rate)
			}
		})
	}
}

func TestDueIsMonotonicAndAgreesWithCount(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		s := random(r)
		last := time.Duration(-1)
		for k := range int64(3000) {
			d, ok := s.Due(float64(k))
			if !ok {
				break
			}
			if d < last {
				t.Fatalf("request %d is due at %v, before the one before it, %v: %+v", k, d, last, s)
			}
			last = d
			if n := s.Count(d); n > k {
				t.Fatalf("%d requests are due before %v, when request %d is: %+v", n, d, k, s)
			}
			if n := s.Count(d + 1); n < k+1 {
				t.Fatalf("only %d requests are due by %v, when request %d is: %+v", n, d, k, s)
			}
		}
	}
}

func TestAfterContinuesTheIntegral(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		s := random(r)
		cut := time.Duration(r.Int64N(int64(30 * time.Second)))
		rest := s.After(cut)
		for _, d := range []time.Duration{0, time.Second, 7 * time.Second, time.Minute} {
			whole, parts := s.integral(cut+d), s.integral(cut)+rest.integral(d)
			if diff := whole - parts; diff > 1e-6*whole+1e-6 || diff < -1e-6*whole-1e-6 {
				t.Fatalf("%v in all, %v in parts: %+v cut at %v", whole, parts, s, cut)
			}
		}
	}
}

func TestSplitSumsExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		total, n := r.Int64N(1e9), 1+r.IntN(500)
		sum := int64(0)
		parts := Split(total, n)
		for i, p := range parts {
			sum += p
			if parts[0]-p > 1 || i > 0 && p > parts[i-1] {
				t.Fatalf("%d in %d: %v", total, n, parts)
			}
		}
		if sum != total {
			t.Fatalf("%d in %d sums to %d", total, n, sum)
		}
	}
}

func TestPeakAndScaled(t *testing.T) {
	from := 50.0
	s := Schedule{{Duration: Duration(time.Second), To: 20}, {From: &from, To: 40}}
	if s.Peak() != 50 || (Schedule)(nil).Peak() != 0 {
		t.Errorf("peaks %v and %v, want 50 and 0", s.Peak(), Schedule(nil).Peak())
	}
	half := s.Scaled(0.5)
	if half[0].To != 10 || *half[1].From != 25 || half[1].To != 20 || half[0].Duration != s[0].Duration {
		t.Errorf("%+v", half)
	}
	if s[0].To != 20 || from != 50 {
		t.Error("the schedule itself was changed")
	}
}

// For any stages, no method takes long, and counts and times agree.
func FuzzSchedule(f *testing.F) {
	f.Add(100.0, 200.0, int64(time.Second), 0.0, int64(time.Minute), int64(30*time.Second))
	f.Add(0.0, 1e7, int64(1), 1e7, int64(0), int64(time.Hour))
	f.Add(1e7, 0.0, int64(7*24*time.Hour), 0.01, int64(1), int64(7*24*time.Hour))
	f.Fuzz(func(t *testing.T, from, to float64, first int64, last float64, second, at int64) {
		spec := Spec{Target: "http://127.0.0.1/", Count: 1, Stages: []Stage{{From: &from, To: to, Duration: Duration(first)}, {To: last, Duration: Duration(second)}}}.WithDefaults()
		if spec.Validate() != nil || at < 0 || time.Duration(at) > MaxDuration {
			return
		}
		s := Schedule(spec.Stages)
		n := s.Count(time.Duration(at))
		if n < 0 || n < s.Count(time.Duration(at/2)) {
			t.Fatalf("%d within %s, %d within half of it", n, time.Duration(at), s.Count(time.Duration(at/2)))
		}
		if n > 0 {
			if due, ok := s.Due(float64(n - 1)); !ok || due >= time.Duration(at) {
				t.Fatalf("request %d of %d is due at %s (%v), want before %s", n-1, n, due, ok, time.Duration(at))
			}
		}
		if rate := s.Rate(time.Duration(at)); !(rate >= 0 && rate <= s.Peak()) {
			t.Fatalf("rate %v, peak %v", rate, s.Peak())
		}
		s.Scaled(0.5).Count(time.Duration(at))
		s.After(time.Duration(at)).Count(time.Second)
	})
}
