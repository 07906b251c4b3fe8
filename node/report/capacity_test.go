package report

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

// A search that is still running has no reason for its end. Once its run drains, it has one: what its probes have shown is the result.
func TestCapacityOfAStoppedRun(t *testing.T) {
	for phase, ended := range map[fleet.Phase]bool{fleet.Started: false, fleet.Draining: true, fleet.Finished: true} {
		run := reporttest.Healthy()
		run.Spec.Capacity = &loadgen.Capacity{Objectives: []string{"p99<250ms"}, From: 1000, To: 4000, Hold: loadgen.Duration(20 * time.Second), Precision: 0.05}
		run.Phase = phase
		if c := Build(run, reporttest.T0.Add(reporttest.Seconds(11)), "1.0").Capacity; c == nil || (c.Ended != "") != ended {
			t.Errorf("%s: %+v", phase, c)
		}
	}
}
