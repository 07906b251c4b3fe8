package fleet

import (
	"slices"
	"testing"

	"landfall/loadgen"
)

// The state changes once most requests have failed for two seconds, and again once most have been answered
// for two.
func TestTargetTurns(t *testing.T) {
	var w targetWatch
	var turned []int
	for second, failed := range []int64{0, 2, 9, 1, 9, 10, 10, 8, 0, 0, 0, 3} {
		if w.observe(&loadgen.Counts{Requests: 10, Responses: 10 - failed/2, Unexpected: failed - failed/2}) {
			turned = append(turned, second)
		}
	}
	if !slices.Equal(turned, []int{5, 9}) || w.down {
		t.Errorf("turned in %v, down %t at the end", turned, w.down)
	}
	if w.observe(&loadgen.Counts{}) || w.turned != 0 {
		t.Error("a second without requests says something of the target")
	}
}
