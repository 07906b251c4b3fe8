package baseline

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The more neighbouring seconds are correlated, the longer the blocks.
func TestBlockLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	mean := func(phi float64) (l float64) {
		w := world{seconds: 120, perSecond: 50, sigma: .1, wave: .2, phi: phi, factor: 1}
		for range 20 {
			l += float64(blockLength(w.run(rng))) / 20
		}
		return l
	}
	if few, many := mean(0), mean(.8); few > 5 || many < 9 || many > 30 {
		t.Errorf("blocks of %.1f seconds without correlation, %.1f with 0.8", few, many)
	}
}

func TestCompareIsRepeatable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	base, now := worlds["everything"].baseline(rng, 3), worlds["everything"].run(rng)
	a, _ := Compare(base, now, 0)
	b, _ := Compare(base, now, 0)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v, then %v", a, b)
	}
	if names := strings.Join(Figures(), " "); names != "mean p50 p90 p95 p99 failed rate" {
		t.Errorf("figures %s", names)
	}
}
