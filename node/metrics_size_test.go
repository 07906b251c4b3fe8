package node

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// snapshotOf returns the snapshot of a second with 2,000 responses, log-normal around 5 ms, spread over the given number of named
// requests.
func snapshotOf(names int) *Metrics {
	rng := rand.New(rand.NewPCG(1, 2))
	s := loadgen.Snapshot{Times: loadgen.NewTimes(), Lag: hdr.New(), Delta: loadgen.Counts{Requests: 2000, Responses: 2000, Statuses: map[string]int64{"200": 2000}, BytesRead: 1 << 20, BytesWritten: 1 << 18}}
	s.Total = s.Delta
	for i := range names {
		s.Named = append(s.Named, loadgen.Named{Name: fmt.Sprintf("GET /articles/page-%d", i), Requests: int64(2000 / names), Times: loadgen.NewTimes()})
	}
	for i := range 2000 {
		service := int64(5000 * math.Exp(.4*rng.NormFloat64()))
		latency := service + int64(rng.ExpFloat64()*200)
		s.Record(latency, service)
		s.Named[i%names].Record(latency, service)
		s.Lag.Record(int64(rng.ExpFloat64() * 60))
	}
	if names == 1 { // like the engine: the figures of a single request are the totals
		s.Named = nil
	}
	return &Metrics{NodeID: "drv-0001", BootID: "0123456789abcdef", Seq: 100, TestID: "tsunami-1126-192101-1c50", AtUS: 1_764_000_000_000_000, Snapshot: s}
}

// Each named request adds two histograms to a snapshot; they are small if they hold few responses.
func TestSnapshotsGrowWithTheirNames(t *testing.T) {
	size := map[int]int{}
	for _, names := range []int{1, 10, 100} {
		_, _, value, err := Encode(snapshotOf(names))
		if err != nil {
			t.Fatal(err)
		}
		size[names] = len(value)
		t.Logf("%d names: %d bytes a driver and second", names, len(value))
	}
	if base := size[1]; base > 2500 || size[10] > base+10*900 || size[100] > base+100*450 {
		t.Errorf("bytes by names: %v", size)
	}
}
