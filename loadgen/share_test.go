package loadgen

import (
	"testing"
	"time"
)

// A single driver executes the whole spec.
func TestShareOfOneDriver(t *testing.T) {
	second := Duration(time.Second)
	for name, c := range map[string]struct {
		spec  Spec
		quota int64
		until time.Duration
		peak  float64 // of the schedule; 0: it has none
	}{
		"avalanche":        {Spec{Count: 7}, 7, 0, 0},
		"count per driver": {Spec{CountPerDriver: 3, Duration: second}, 3, time.Second, 0},
		"rate":             {Spec{RateRPS: 50, Duration: second}, 0, time.Second, 50},
		"delay":            {Spec{Delay: Duration(10 * time.Millisecond), Duration: second}, 0, time.Second, 100},
		"stages":           {Spec{Stages: []Stage{{Duration: second, To: 20}, {Duration: 2 * second, To: 20}}}, 0, 3 * time.Second, 20},
	} {
		spec := c.spec.WithDefaults()
		s := spec.Share()
		if s.Quota != c.quota || s.Until.Std() != c.until || s.Of != 1 || s.Connections != spec.Connections || len(s.Schedule) > 0 != (c.peak > 0) || c.peak > 0 && Schedule(s.Schedule).Peak() != c.peak {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
