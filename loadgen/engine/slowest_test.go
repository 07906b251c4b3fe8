package engine

import (
	"math/rand/v2"
	"slices"
	"testing"

	"landfall/loadgen/evidence"
)

// TestSlowestOfManyRequests: whatever the order, the values recorded above the floor include the slowest of
// all.
func TestSlowestOfManyRequests(t *testing.T) {
	for range 100 {
		var s slowest
		var interval slowStats
		all := rand.Perm(1000)
		for _, n := range all {
			if latency := int64(n) + 1; latency > s.floor {
				s.add(latency)
				interval.add(evidence.Slow{LatencyUS: latency})
			}
		}
		var got []int64
		for _, one := range interval.list {
			got = append(got, one.LatencyUS)
		}
		slices.Sort(got)
		for i, latency := range got {
			if want := int64(1000 - len(got) + 1 + i); latency != want || s.list[i] != want {
				t.Fatalf("slowest %v and %v", got, s.list)
			}
		}
	}
}
