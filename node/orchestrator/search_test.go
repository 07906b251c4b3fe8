package orchestrator

import (
	"testing"

	"landfall/node/capacity"
)

// Events describe what a search does, with a formatted rate.
func TestSearchStep(t *testing.T) {
	for _, test := range []struct {
		phase capacity.Phase
		rate  float64
		want  string
	}{
		{capacity.Growing, 400, "next probe at 400/s"}, {capacity.Bisecting, 1131.3708, "next probe at 1,131/s"}, {capacity.Growing, 1.5, "next probe at 1.5/s"},
		{capacity.Confirming, 2000, "confirming 2,000/s"}, {capacity.Draining, 50, "waiting at 50/s for the target to recover"},
		{capacity.Overload, 3000, "overloading the target on purpose: 3,000/s"}, {capacity.Recovering, 1000, "back to 1,000/s: does the target recover?"},
	} {
		if got := searchStep(test.phase, test.rate); got != test.want {
			t.Errorf("%s at %g: %q, want %q", test.phase, test.rate, got, test.want)
		}
	}
}
