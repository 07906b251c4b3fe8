package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/cpu"
	"landfall/loadgen/hdr"
)

// A generator that used more than nine tenths of its cores reports its CPU as a limit; below that it does
// not.
func TestTheGeneratorsCPU(t *testing.T) {
	for share, limited := range map[float64]bool{0.5: false, 0.95: true} {
		var spent time.Duration // until the last call; there is one call per interval
		last := time.Time{}
		cpu := func() time.Duration {
			if now := time.Now(); last.IsZero() {
				last = now
			} else {
				spent, last = spent+time.Duration(share*cpu.MayUse()*float64(now.Sub(last))), now
			}
			return spent
		}
		list := virtuallyWith(t, Options{CPU: cpu}, loadgen.Spec{RateRPS: 10, Duration: loadgen.Duration(3 * time.Second)},
			loadgen.Share{Schedule: steady(10), Until: loadgen.Duration(3 * time.Second)}, func(time.Duration) {}, nil)
		if len(list) < 3 {
			t.Fatalf("%d snapshots", len(list))
		}
		for _, s := range list[:3] {
			named := slices.ContainsFunc(s.Generator.Reasons, func(reason string) bool { return strings.HasPrefix(reason, "its CPU") })
			if s.Generator.Limited != limited || named != limited {
				t.Errorf("%g of its cores: %+v", share, s.Generator)
			}
		}
	}
}

// Requests that are sent late because the target stalled, or because no connection was free, are not the generator's fault, neither while
// they wait nor when they are sent afterwards.
func TestABacklogIsNotTheGeneratorsFault(t *testing.T) {
	for _, connections := range []int{4, 4000} {
		list := virtually(t, loadgen.Spec{RateRPS: 500, Duration: loadgen.Duration(10 * time.Second), Connections: connections},
			loadgen.Share{Schedule: steady(500), Until: loadgen.Duration(10 * time.Second)}, func(since time.Duration) {
				if since >= 3*time.Second && since < 5500*time.Millisecond {
					time.Sleep(5500*time.Millisecond - since)
				}
			}, nil)
		late := false
		for _, s := range list {
			late = late || s.Lag.Quantile(0.99) > limitedLag.Microseconds()
			if s.Generator.Limited {
				t.Errorf("%d connections, interval %d: %v", connections, s.Interval, s.Generator.Reasons)
			}
		}
		if late != (connections == 4) {
			t.Errorf("%d connections: requests were late: %v", connections, late)
		}
	}
}

// Snapshots of a generator that is late by itself say so; those of one with a backlog, and the next, do not.
func TestLateByItself(t *testing.T) {
	late := 2 // requests
	snapshot := func(requests, responses int64, inFlight int) *loadgen.Snapshot {
		s := &loadgen.Snapshot{InFlight: inFlight, Lag: hdr.New()}
		s.Delta.Requests, s.Delta.Responses = requests, responses
		for range late {
			s.Lag.Record(30_000)
		}
		return s
	}
	engine, err := New(loadgen.Spec{Target: "http://127.0.0.1/", RateRPS: 1, Count: 1}.WithDefaults(), Options{CPU: func() time.Duration { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	c := newCollector(engine, nil)
	for i, step := range []struct {
		s         *loadgen.Snapshot
		exhausted bool
		limited   bool
	}{
		{snapshot(100, 100, 3), false, true},
		{snapshot(100, 100, 3), true, false},
		{snapshot(100, 100, 3), false, false},
		{snapshot(100, 100, 3), false, true},
		{snapshot(100, 30, 3), false, false},
		{snapshot(100, 100, 3), false, false},
		{snapshot(0, 0, 40), false, false},
		{snapshot(200, 200, 0), false, false},
		{snapshot(200, 200, 0), false, true},
	} {
		if g := c.watch(step.s, step.exhausted); g.Limited != step.limited {
			t.Errorf("step %d: %+v", i, g)
		}
	}
	late = 1
	if g := c.watch(snapshot(8, 8, 0), false); g.Limited {
		t.Errorf("one late request: %+v", g)
	}
}
