package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// A sink that blocks for five minutes gets every request and every value afterwards, in bounded memory.
func TestABacklogLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const seconds = 300
		in := make(chan loadgen.Snapshot)
		b := &backlog{in: in}
		go func() {
			defer close(in)
			var total loadgen.Counts
			for i := range seconds {
				time.Sleep(time.Second)
				h := hdr.New()
				h.Record(int64(1000 + i))
				d := loadgen.Counts{Requests: 2, Responses: 1, Errors: map[loadgen.Class]int64{loadgen.ErrRead: 1}, Statuses: map[string]int64{"200": 1}}
				total.Add(d)
				s := loadgen.Snapshot{Interval: i, Final: i == seconds-1, Delta: d, Asked: 2, Begun: int64(2 * (i + 1)), Times: loadgen.Times{Latency: h, Service: h}, Lag: h,
					Named:     []loadgen.Named{{Name: "a", Requests: 1, Times: loadgen.Times{Latency: h, Service: h}}, {Name: string(rune('b' + i%2)), Requests: 1, Times: loadgen.Times{Latency: h, Service: h}}},
					Generator: loadgen.Generator{CPUUS: 10, Cores: 2, Limited: i == 200, Reasons: []string{"why"}}}
				s.Total.Add(total)
				in <- s
			}
		}()
		var sum loadgen.Counts
		var asked, cpu, named int64
		var last loadgen.Snapshot
		limited, taken, all := false, 0, hdr.New()
		b.run(func(s loadgen.Snapshot) {
			if taken++; taken == 1 {
				time.Sleep(2 * seconds * time.Second)
			}
			if s.Interval < last.Interval || s.Total.Requests < last.Total.Requests {
				t.Errorf("interval %d after %d", s.Interval, last.Interval)
			}
			sum.Add(s.Delta)
			all.Merge(s.Latency)
			asked, cpu, limited, last = asked+s.Asked, cpu+s.Generator.CPUUS, limited || s.Generator.Limited, s
			for _, n := range s.Named {
				if named += n.Requests; n.Requests != n.Latency.Count() || n.Requests != n.Service.Count() {
					t.Errorf("%+v", n)
				}
			}
		})
		if sum.Requests != 2*seconds || sum.Errors[loadgen.ErrRead] != seconds || asked != 2*seconds || cpu != 10*seconds || named != 2*seconds || !limited {
			t.Errorf("%+v, asked for %d, %d µs, %d by name, limited %v", sum, asked, cpu, named, limited)
		}
		if all.Count() != seconds || all.Max() != 1000+seconds-1 || !last.Final || last.Begun != 2*seconds || len(last.Generator.Reasons) != 1 {
			t.Errorf("%v; %+v", all, last)
		}
		if taken > maxBacklog+2 {
			t.Errorf("%d snapshots were kept", taken)
		}
	})
}

// The load continues, and ends, while the sink blocks on the first snapshot.
func TestSlowSinkDoesNotDelayTheLoad(t *testing.T) {
	t.Parallel()
	const rate, seconds = 100, 9 // longer than the collector's buffer
	r := serve(t, nil, nil)
	e, err := New(loadgen.Spec{Target: r.url, RateRPS: rate, Duration: loadgen.Duration(seconds * time.Second), Connections: 4}.WithDefaults(), Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	share := loadgen.Share{Connections: 4, Schedule: steady(rate), Until: loadgen.Duration(seconds * time.Second), Of: 1}
	stuck, list := make(chan struct{}), []loadgen.Snapshot(nil)
	go func() {
		defer close(stuck)
		waitFor(t, func() bool { return r.served.Load() == rate*seconds })
	}()
	if err := e.Run(t.Context(), time.Now(), share, func(s loadgen.Snapshot) { <-stuck; list = append(list, s) }); err != nil {
		t.Fatal(err)
	}
	if n := len(list); n != seconds+1 && n != seconds || !list[n-1].Final || list[n-1].Total.Responses != rate*seconds {
		t.Errorf("%d snapshots, the last %+v", n, list[n-1])
	}
	for i, s := range list {
		if s.Interval != i {
			t.Errorf("snapshot %d is of interval %d", i, s.Interval)
		}
	}
}
