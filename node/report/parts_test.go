package report

import (
	"testing"

	"landfall/loadgen/condition"
	"landfall/node/fleet"
)

// A report has a block for each second, or for a few seconds of a long run; together they cover the run.
func TestBlocks(t *testing.T) {
	for seconds, want := range map[int]int{30: 30, 700: 175} {
		run, now := conducted(t, thresholds(), seconds, func(i int) (int64, int64, int64) { return 10, int64(i % 2), 1000 })
		r := Build(run, now, "test")
		var requests, failed, measured int64
		for _, b := range r.Blocks {
			requests, failed, measured = requests+b.Requests, failed+b.Failed, measured+b.Latency.Count()
		}
		whole := int64(want * r.Blocks[0].Seconds)
		if len(r.Blocks) != want || requests != 10*whole || measured != 10*whole || failed < whole/2-1 {
			t.Errorf("%d s: %d blocks, %d requests, %d failed, %d measured", seconds, len(r.Blocks), requests, failed, measured)
		}
	}
}

// Intervals have parts only of kinds that have several.
func TestParts(t *testing.T) {
	run, now := conducted(t, thresholds(), 3, func(int) (int64, int64, int64) { return 10, 0, 1000 })
	for i, in := range run.Intervals.All() {
		in.Parts[condition.Label{Name: "request", Value: "login"}] = &fleet.Part{Requests: int64(6 + i), Errors: 1, P99US: 900}
		if i > 0 {
			in.Parts[condition.Label{Name: "request", Value: "cart"}] = &fleet.Part{Requests: 4, Unexpected: 2, P50US: 5}
		}
	}
	r := Build(run, now, "test")
	if got := r.Intervals[2].Parts; len(got) != 2 || got[0] != (Part{Label: "request=cart", Requests: 4, Failed: 2, P50US: 5}) || got[1].Requests != 8 {
		t.Errorf("%+v: want both requests, and no status class, of which there is one", got)
	}
}
