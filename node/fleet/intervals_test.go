package fleet

import (
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// Packed and unpacked seconds read the same, after any sequence of changes.
func TestPackedIntervalsReadLikeUnpackedOnes(t *testing.T) {
	const warmup = 5
	random := rand.New(rand.NewPCG(1, 2))
	var s Intervals
	var want []*Interval
	for range 3000 {
		switch random.IntN(4) {
		case 0:
			i := Interval{Expected: random.IntN(9), Present: random.IntN(9), Users: random.IntN(100), Checks: random.Int64N(50), BadChecks: random.Int64N(9), Parts: Parts{}}
			s.Append(&i)
			same := i
			want = append(want, &same)
		case 1:
			s.packOld(random.IntN(60), warmup)
		case 2:
			s.close(warmup)
		case 3:
			if len(want) == 0 {
				continue
			}
			n, more := random.IntN(len(want)), random.IntN(5)
			add := func(i *Interval) { i.Present, i.Checks, i.Users = i.Present+more, i.Checks+1, i.Users+more }
			add(want[n])
			if more > 2 {
				s.change(n, warmup, add)
			} else {
				add(s.open(n))
			}
		}
	}
	var sum sums
	if s.Len() != len(want) {
		t.Fatalf("%d seconds, want %d", s.Len(), len(want))
	}
	for n, i := range s.All() {
		sum.add(want[n], 1, n < warmup)
		if !reflect.DeepEqual(i, want[n]) {
			t.Fatalf("second %d: %+v, want %+v", n, i, want[n])
		}
	}
	if got := s.sums(warmup); got != sum {
		t.Errorf("sums %+v, want %+v", got, sum)
	}
}

// kept returns the size of the live heap.
func kept() int64 {
	for range 3 { // the second collection empties pools
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Each second of a run takes little memory.
func TestMemoryOfALongRun(t *testing.T) {
	const minutes, most = 60, 200 // bytes a second
	s, now := New(), time.UnixMilli(1_800_000_000_000)
	apply := func(m node.Message) {
		if err := s.Apply(m, now); err != nil {
			t.Fatal(err)
		}
	}
	ids := []string{"a", "b", "c"}
	plan := &node.Plan{}
	for _, id := range ids {
		apply(&node.Register{NodeID: id, BootID: id, Labels: map[string]string{"site": id}})
		plan.Shares = append(plan.Shares, node.NodeShare{NodeID: id, Connections: 8})
	}
	apply(&node.Config{TestID: "t", Drivers: ids, Spec: spec})
	apply(&node.Trigger{ID: "s", Action: node.Start, TestID: "t", Conductor: "o", Epoch: 1, T0US: now.UnixMicro(), Plan: plan})
	random := rand.New(rand.NewPCG(3, 4))
	var total int64
	second := func(n int) {
		now = now.Add(time.Second)
		total += 100
		for _, id := range ids {
			h := hdr.New()
			for range 100 {
				h.Record(300 + random.Int64N(3000))
			}
			times := loadgen.Times{Latency: h, Service: h}
			counts := func(n int64) loadgen.Counts {
				return loadgen.Counts{Requests: n, Responses: n, BytesWritten: 70 * n, BytesRead: 140 * n, Statuses: map[string]int64{"200": n}}
			}
			apply(&node.Heartbeat{NodeID: id, BootID: id, Seq: uint64(n + 1), State: node.Running, TestID: "t"})
			apply(&node.Metrics{NodeID: id, BootID: id, Seq: uint64(n + 1), TestID: "t", AtUS: now.UnixMicro(), Snapshot: loadgen.Snapshot{Interval: n, Delta: counts(100), Total: counts(total), Asked: 100, Times: times, Lag: h, InFlight: 1}})
		}
		s.Tick(now)
	}
	for n := range 60 * minutes / 2 {
		second(n)
	}
	before := kept()
	for n := range 60 * minutes / 2 {
		second(60*minutes/2 + n)
	}
	grown := (kept() - before) / (60 * minutes / 2)
	runtime.KeepAlive(s)
	if r := s.Run("t"); r.Intervals.Len() != 60*minutes || r.Total.Requests != 300*60*minutes {
		t.Fatalf("%d seconds, %d requests", r.Intervals.Len(), r.Total.Requests)
	}
	t.Logf("%d bytes a second", grown)
	if grown > most {
		t.Errorf("%d bytes are kept of each second, want at most %d", grown, most)
	}
}
