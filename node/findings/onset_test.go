package findings

import (
	"testing"
)

// A paced run opens connections because its target has become slow, not the other way round.
func TestConnectionsFollowLatencyOfAPacedRun(t *testing.T) {
	r := healthy(2, 60, 1000, 5000)
	for i := range r.Seconds {
		r.Seconds[i].Open = 5 + i/10
		if i >= 30 {
			r.Seconds[i].P50US, r.Seconds[i].Open = 4*r.Seconds[i].P50US, 20+i/10
		}
	}
	if found := Find(r); len(found) != 1 || found[0].Rule != "step" {
		t.Errorf("%+v", found)
	}
}
