package sample

import (
	"testing"

	"landfall/loadgen"
)

// Equal reasons of several drivers are merged, and the most frequent one comes first.
func TestFailuresAreSummed(t *testing.T) {
	c := failureCounts{}
	c.add([]loadgen.Failure{{Class: "connect", Why: "connection refused", Count: 3}, {Class: "timeout", Why: "no response in 1s", Count: 5}})
	c.add([]loadgen.Failure{{Class: "connect", Why: "connection refused", Count: 4}})
	list := c.list()
	if len(list) != 2 || list[0] != (Failure{"connect", "connection refused", 7}) || list[1].Count != 5 {
		t.Errorf("%v", list)
	}
}
