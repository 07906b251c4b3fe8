package fleet

import (
	"fmt"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// The evidence is bounded and names the driver, whatever drivers report.
func TestEvidenceOfManyDrivers(t *testing.T) {
	r := newRun("t")
	r.Spec.Warmup = loadgen.Duration(2e9)
	for driver := range 50 {
		for second := range 20 {
			snap := &loadgen.Snapshot{Interval: second}
			for i := range evidence.MaxExchanges {
				snap.Exchanges = append(snap.Exchanges, evidence.Exchange{Driver: "another", Cause: evidence.Status, Why: fmt.Sprint("status ", 400+i%8), AtMS: int64(second * 1000)})
			}
			for i := range evidence.MaxSlowest {
				snap.Slowest = append(snap.Slowest, evidence.Slow{AtMS: int64(second * 1000), LatencyUS: int64(1000 - 10*second + i)})
			}
			r.mergeEvidence(snap, fmt.Sprint("drv-", driver))
		}
	}
	if len(r.Exchanges) != 8*evidence.PerFailure || len(r.Slowest) != evidence.MaxSlowest {
		t.Fatalf("%d exchanges, %d slow ones", len(r.Exchanges), len(r.Slowest))
	}
	for _, e := range r.Exchanges {
		if e.Driver != "drv-0" || e.AtMS != 0 {
			t.Errorf("%+v is not of the first", e)
		}
	}
	for _, s := range r.Slowest {
		if s.AtMS < 2000 || s.Driver == "" || s.LatencyUS != 1000-20+evidence.MaxSlowest-1 {
			t.Errorf("%+v", s)
		}
	}
}
