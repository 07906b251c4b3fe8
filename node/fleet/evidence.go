package fleet

import (
	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// mergeEvidence merges the evidence of a driver's snapshot: failed and slowest requests. The slowest ones are from the measured part only.
func (r *Run) mergeEvidence(snap *loadgen.Snapshot, driver string) {
	for i := range snap.Exchanges {
		snap.Exchanges[i].Driver = driver
	}
	for i := range snap.Slowest {
		snap.Slowest[i].Driver = driver
	}
	if len(snap.Exchanges) > 0 {
		r.Exchanges = evidence.Merge(r.Exchanges, snap.Exchanges)
	}
	if len(snap.Slowest) > 0 && snap.Interval >= r.Warmup() {
		r.Slowest = evidence.Slowest(r.Slowest, snap.Slowest)
	}
}
