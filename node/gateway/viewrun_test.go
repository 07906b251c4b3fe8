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
	r := &fleet.Run{ID: "old", Phase: fleet.Finished, Latency: hdr.New(), Lag: hdr.New(), Report: []byte(`{"schema":1,"outcome":"finished","requests":90,"unexpected":3,"duration_ms":54000,"rate_rps":368.4,"asked_rate_rps":400,"latency_us":{"p50":12,"p99":1590}}`)}
	if v := g.viewRun(r); v.Requests != 90 || v.Failed != 3 || v.Latency.P50 != 12 || v.Latency.P99 != 1590 || v.Outcome != "finished" || v.DurationMS != 54_000 || v.MeanRPS != 368.4 || v.MeanAskedRPS != 400 {
		t.Errorf("%d requests, %d failed, latencies %+v, %s, %d ms, %v of %v", v.Requests, v.Failed, v.Latency, v.Outcome, v.DurationMS, v.MeanRPS, v.MeanAskedRPS)
	}
}
