package fleet

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// histograms counts the packed and unpacked histograms of a run's intervals and their parts.
func histograms(r *Run) (n int) {
	for _, i := range r.Intervals.All() {
		if i.live != nil || i.packed != nil {
			n++
		}
		for _, p := range i.Parts {
			if p.live != nil || p.packed != nil {
				n++
			}
		}
	}
	return n
}

func TestOldSecondsShareHistograms(t *testing.T) {
	const warm, seconds = 7, 1400
	r := parted(t, seconds, warm*time.Second)
	if most := 7 * (secondsKept + blocksKept + warm); histograms(r) > most { // the whole, two requests and four labels
		t.Errorf("%d histograms are kept, want at most %d", histograms(r), most)
	}
	step := r.BlockSeconds()
	if step != 4 {
		t.Errorf("blocks of %d s", step)
	}
	for from := warm; from+step <= seconds; from += step { // complete from block to block
		for label, want := range map[condition.Label]int64{{}: 15, {Name: "request", Value: "login"}: 9, {Name: "driver", Value: "a"}: 10} {
			if f, _ := r.Series().Between(label, from, from+step); f.Latency.Count() != int64(step)*want || f.Requests != int64(step)*want {
				t.Fatalf("%v from %d: %d latencies of %d requests, want %d", label, from, f.Latency.Count(), f.Requests, int64(step)*want)
			}
		}
	}
	for n, i := range r.Intervals.All() {
		if i.P99US < 7900 || i.P99US > 8100 {
			t.Fatalf("second %d: p99 %d, want its own", n, i.P99US)
		}
	}
	if f, _ := r.Series().Between(condition.Label{}, warm, seconds); f.Latency.Count() != 15*(seconds-warm) {
		t.Errorf("%d latencies in all", f.Latency.Count())
	}
}

// A snapshot that arrives after its second has been settled counts in the run's and the block's figures, and
// does not change the percentiles of the second.
func TestLateSnapshotOfASettledSecond(t *testing.T) {
	r, p := partedScript(t, 700, 0)
	before := *r.Intervals.At(10)
	slow := hdr.New()
	slow.Record(1e6)
	slow.Record(1e6)
	p.post(&node.Metrics{NodeID: "a", BootID: "boot-a", Seq: p.seq["ta"] + 1, TestID: "t", AtUS: p.now.UnixMicro(), Snapshot: loadgen.Snapshot{
		Interval: 10, Delta: loadgen.Counts{Requests: 2, Responses: 2}, Total: loadgen.Counts{Requests: 7002, Responses: 7002}, Times: loadgen.Times{Latency: slow, Service: slow},
	}})
	r.compute()
	if got := r.Intervals.At(10); got.P99US != before.P99US || got.Delta.Requests != before.Delta.Requests+2 {
		t.Errorf("p99 %d of %d requests, before %d of %d", got.P99US, got.Delta.Requests, before.P99US, before.Delta.Requests)
	}
	if f, _ := r.Series().Between(condition.Label{}, 0, 700); f.Latency.Count() != 700*15+2 {
		t.Errorf("%d latencies in all", f.Latency.Count())
	}
}

func TestNeedsSeconds(t *testing.T) {
	for expr, want := range map[string]bool{"p99<1s": false, "failed[10s]<1%": false, "p99[10s]<1s": true, "p99{stage=1}<1s": true} {
		if got := needsSeconds(loadgen.Spec{Thresholds: []loadgen.Threshold{{Expr: expr}}}); got != want {
			t.Errorf("%s: %v", expr, got)
		}
	}
}
