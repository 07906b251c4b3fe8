package fleet

import (
	"testing"

	"landfall/loadgen/hdr"
)

func TestHeatCountsEveryResponseOnce(t *testing.T) {
	h := hdr.New()
	for _, us := range []int64{1, 9, 10, 17, 100, 999, 1000, 1001, 250_000, 9_999_999, 60_000_000} {
		h.Record(us)
	}
	heat := heatOf(h)
	sum := uint32(0)
	for _, n := range heat {
		sum += n
	}
	if int64(sum) != h.Count() {
		t.Errorf("%d of %d responses are in a band: %v", sum, h.Count(), heat)
	}
	for _, want := range []struct {
		band int
		n    uint32
	}{{0, 3}, {2, 1}, {12, 1}, {23, 1}, {24, 2}, {52, 1}, {HeatBands - 1, 2}} {
		if heat[want.band] != want.n {
			t.Errorf("band from %.0f µs: %d, want %d", HeatEdge(want.band), heat[want.band], want.n)
		}
	}
}
