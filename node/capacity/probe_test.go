package capacity

import (
	"testing"
)

// The bound of an objective is formatted with a unit.
func TestObjectiveText(t *testing.T) {
	for _, text := range []string{"p99<250ms", "p99.9<=1.5s", "failed<0.1%"} {
		if got := objectiveText(objectives(t, text)[0]); got != text {
			t.Errorf("%q is formatted as %q", text, got)
		}
	}
}
