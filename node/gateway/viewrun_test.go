package gateway

import (
	"testing"

	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// TestARunBeforeThisProcess: a run whose snapshots were not read, since it was over before this process started, has the figures
// of its report.
func TestARunBeforeThisProcess(t *testing.T) {
	g := &Gateway{outcomes: newOutcomes()}
	r := &fleet.Run{ID: "old", Phase: fleet.Finished, Latency: hdr.New(), Lag: hdr.New(), Report: []byte(`{"schema":1,"outcome":"finished","requests":90,"unexpected":3,"latency_us":{"p50":12,"p99":1590}}`)}
	if v := g.viewRun(r); v.Requests != 90 || v.Failed != 3 || v.Latency.P50 != 12 || v.Latency.P99 != 1590 || v.Outcome != "finished" {
		t.Errorf("%d requests, %d failed, latencies %+v, %s", v.Requests, v.Failed, v.Latency, v.Outcome)
	}
}
