package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/cpu"
)

// A generator that used more than nine tenths of its cores reports its CPU as a limit; below that it does
// not.
func TestTheGeneratorsCPU(t *testing.T) {
	for share, limited := range map[float64]bool{0.5: false, 0.95: true} {
		var spent time.Duration // until the last call; there is one call per interval
		last := time.Time{}
		cpu := func() time.Duration {
			if now := time.Now(); last.IsZero() {
				last = now
			} else {
				spent, last = spent+time.Duration(share*cpu.MayUse()*float64(now.Sub(last))), now
			}
			return spent
		}
		list := virtuallyWith(t, Options{CPU: cpu}, loadgen.Spec{RateRPS: 10, Duration: loadgen.Duration(3 * time.Second)},
			loadgen.Share{Schedule: steady(10), Until: loadgen.Duration(3 * time.Second)}, func(time.Duration) {}, nil)
		if len(list) < 3 {
			t.Fatalf("%d snapshots", len(list))
		}
		for _, s := range list[:3] {
			named := slices.ContainsFunc(s.Generator.Reasons, func(reason string) bool { return strings.HasPrefix(reason, "its CPU") })
			if s.Generator.Limited != limited || named != limited {
				t.Errorf("%g of its cores: %+v", share, s.Generator)
			}
		}
	}
}
