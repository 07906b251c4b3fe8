package capacity

import (
	"strings"
	"testing"
)

// TestHiccupsOfTheGenerator: on a busy machine drivers are late in one second of ten. No rate fails because of that.
func TestHiccupsOfTheGenerator(t *testing.T) {
	for seed := range uint64(20) {
		q := newQueue(500, .02, .3, seed)
		q.hiccups = .1
		c, seconds := search(t, Config{Objectives: objectives(t, "p99<250ms", "failed<0.1%")}, q)
		if !c.Confirmed || c.RateRPS < 450 || c.RateRPS > 510 || c.StaysDown {
			t.Errorf("seed %d: %.6g/s, %s", seed, c.RateRPS, c.Ended)
		}
		if seconds > 660 {
			t.Errorf("seed %d: %d s", seed, seconds)
		}
	}
}

func TestGeneratorLimitIsVoid(t *testing.T) {
	q := newQueue(2000, .02, 0, 1)
	q.cap = 900
	c, _ := search(t, Config{Objectives: objectives(t, "p99<250ms")}, q)
	if c.RateRPS != 800 || !c.AtLeast || c.Confirmed || !strings.Contains(c.Limit, "CPU") {
		t.Errorf("%+v", c)
	}
	voids := 0
	for _, p := range c.Probes {
		if p.Void != "" {
			voids++
		}
	}
	if voids != retries {
		t.Errorf("%d void probes: %+v", voids, c.Probes)
	}
}

func TestMissingDriversAreVoid(t *testing.T) {
	m := New(Config{Objectives: objectives(t, "p99<250ms")})
	q := newQueue(2000, .02, 0, 1)
	for m.Phase() != Ended {
		s := q.second(m.Rate())
		s.Coverage = 2. / 3
		m.Observe(s)
	}
	if c := m.Certificate(); c.RateRPS != 0 || !strings.Contains(c.Ended, "67% of the drivers") {
		t.Errorf("%+v", c)
	}
}
