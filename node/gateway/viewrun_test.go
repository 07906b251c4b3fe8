package gateway

import (
	"testing"

	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// TestRunFromBeforeTheProcess: a run that ended before this process started, so that its snapshots were not read, has the figures
// of its report.
func TestRunFromBeforeTheProcess(t *testing.T) {
	g := &Gateway{outcomes: newOutcomes()}
	r := &fleet.Run{ID: "old", Phase: fleet.Finished, Latency: hdr.New(), Lag: hdr.New(), Report: []byte(`{"schema":1,"outcome":"finished","requests":90,"unexpected":3,"latency_us":{"p50":12,"p99":1590}}`)}
	if v := g.viewRun(r); v.Requests != 90 || v.Failed != 3 || v.Latency.P50 != 12 || v.Latency.P99 != 1590 || v.Outcome != "finished" {
		t.Errorf("%d requests, %d failed, latencies %+v, %s", v.Requests, v.Failed, v.Latency, v.Outcome)
	}
}
