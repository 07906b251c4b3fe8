package engine

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine/pipetest"
	"landfall/loadgen/hdr"
)

// virtually runs an engine on a virtual clock against a network of pipes: nothing takes time but what answer sleeps.
func virtually(t *testing.T, spec loadgen.Spec, share loadgen.Share, answer func(since time.Duration), during func(*Engine)) []loadgen.Snapshot {
	return virtuallyWith(t, Options{}, spec, share, answer, during)
}

func virtuallyWith(t *testing.T, o Options, spec loadgen.Spec, share loadgen.Share, answer func(since time.Duration), during func(*Engine)) (list []loadgen.Snapshot) {
	synctest.Test(t, func(t *testing.T) {
		spec.Target = "http://127.0.0.1/"
		spec = spec.WithDefaults()
		start := time.Now().Add(time.Second)
		o.Threads, o.Dial = 2, pipetest.Dial(func() { answer(time.Since(start)) })
		e, err := New(spec, o)
		if err != nil {
			t.Fatal(err)
		}
		if during != nil {
			go during(e)
		}
		share.Connections, share.Of = spec.Connections, 1
		if err := e.Run(t.Context(), start, share, func(s loadgen.Snapshot) { list = append(list, s) }); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	})
	return list
}

// allLatencies merges the latencies of a whole run.
func allLatencies(list []loadgen.Snapshot) *hdr.Histogram {
	h := hdr.New()
	for _, s := range list {
		h.Merge(s.Latency)
	}
	return h
}

// 10 s at 1,000/s with a stall of a second: a tenth of the requests waited, evenly spread from 0 to 1 s.
func TestAStallOnAVirtualClock(t *testing.T) {
	const rate, seconds = 1000, 10
	list := virtually(t, loadgen.Spec{RateRPS: rate, Duration: loadgen.Duration(seconds * time.Second), Connections: 64},
		loadgen.Share{Schedule: steady(rate), Until: loadgen.Duration(seconds * time.Second)},
		func(since time.Duration) {
			if since >= 3*time.Second && since < 4*time.Second {
				time.Sleep(4*time.Second - since)
			}
		}, nil)
	h := allLatencies(list)
	for _, q := range []float64{0.91, 0.95, 0.99, 0.999} {
		exact := 1e6 - (1-q)*seconds*1e6 // the slowest waited for the whole second, each of the others 1/rate less
		if got := float64(h.Quantile(q)); got < 0.99*exact || got > 1.01*exact {
			t.Errorf("p%g is %.0f µs, by the schedule %.0f", 100*q, got, exact)
		}
	}
	if last := list[len(list)-1]; last.Total.Responses != rate*seconds || last.Total.Dropped != 0 || h.Quantile(0.89) > 1 {
		t.Errorf("%+v, %v", last.Total, h)
	}
}

// Every request is sent at the exact time at which it is due: on a ramp, on a plateau, and under a share that replaces the first.
func TestRequestsAreSentWhenTheyAreDue(t *testing.T) {
	ramp := loadgen.Schedule{{Duration: loadgen.Duration(4 * time.Second), To: 100}, {Duration: loadgen.Duration(2 * time.Second), To: 100}}
	next := steady(300)
	var mu sync.Mutex
	var came []time.Duration
	list := virtually(t, loadgen.Spec{RateRPS: 1, Duration: loadgen.Duration(8 * time.Second), Connections: 16},
		loadgen.Share{Schedule: ramp, Until: loadgen.Duration(8 * time.Second)},
		func(since time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			came = append(came, since)
		}, func(e *Engine) {
			time.Sleep(3 * time.Second) // before the new share takes effect
			e.Adjust(loadgen.Share{Seq: 1, From: loadgen.Duration(5 * time.Second), Until: loadgen.Duration(8 * time.Second), Connections: 16, Schedule: next, Of: 1})
		})
	var want []time.Duration
	for k := range ramp.Count(5 * time.Second) {
		at, _ := ramp.Due(float64(k))
		want = append(want, at)
	}
	for k := range int64(3 * 300) {
		at, _ := loadgen.Schedule(next).Due(float64(k))
		want = append(want, 5*time.Second+at)
	}
	slices.Sort(came)
	if !slices.Equal(came, want) {
		t.Errorf("%d requests came, %d were due", len(came), len(want))
	}
	asked := int64(0)
	for i, s := range list {
		if asked += s.Asked; s.Lag.Max() > 1 || i == 0 && s.Asked != ramp.Count(time.Second) || i == 6 && s.Asked != 300 {
			t.Errorf("interval %d: %d requests became due, at most %d µs late", i, s.Asked, s.Lag.Max())
		}
	}
	if asked != int64(len(want)) {
		t.Errorf("%d were asked for", asked)
	}
}

// Two connections to a target that takes 100 ms carry 20 requests/s; the rest of 50 is dropped exactly when the patience of 200 ms ends.
func TestPatienceOnAVirtualClock(t *testing.T) {
	list := virtually(t, loadgen.Spec{RateRPS: 50, Duration: loadgen.Duration(10 * time.Second), Connections: 2, Patience: loadgen.Duration(200 * time.Millisecond)},
		loadgen.Share{Schedule: steady(50), Until: loadgen.Duration(10 * time.Second)},
		func(time.Duration) { time.Sleep(100 * time.Millisecond) }, nil)
	last, h := list[len(list)-1], allLatencies(list)
	if n := last.Total.Responses; n < 200 || n > 206 || n+last.Total.Dropped != 500 {
		t.Errorf("%+v", last.Total)
	}
	if most := h.Max(); most < 280_000 || most > 300_000 {
		t.Errorf("%v; the longest waits 200 ms and is answered after 100 more", h)
	}
}

// Two connections with responses after 10 ms carry 200 requests/s, in a closed loop.
func TestAnAvalancheOnAVirtualClock(t *testing.T) {
	list := virtually(t, loadgen.Spec{Duration: loadgen.Duration(5 * time.Second), Connections: 2}, loadgen.Share{Until: loadgen.Duration(5 * time.Second)},
		func(time.Duration) { time.Sleep(10 * time.Millisecond) }, nil)
	for i, s := range list {
		if i < 5 && (s.Interval != i || s.Delta.Responses < 198 || s.Delta.Responses > 202) {
			t.Errorf("interval %d: %+v", s.Interval, s.Delta)
		}
	}
	if n := list[len(list)-1].Total.Responses; n != 1000 || allLatencies(list).Max() != 10_000 {
		t.Errorf("%d responses, %v", n, allLatencies(list))
	}
}

// Engines that share a schedule, and loops that share an engine, send its requests at the exact times of the schedule.
func TestArrivalsAreEven(t *testing.T) {
	const rate, connections = 1000, 64
	for name, c := range map[string]struct{ threads, engines int }{"one loop": {1, 1}, "two loops": {2, 1}, "four engines of two loops": {2, 4}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now().Add(time.Second)
				var mu sync.Mutex
				var came []time.Duration
				dial := pipetest.Dial(func() {
					mu.Lock()
					defer mu.Unlock()
					came = append(came, time.Since(start))
				})
				var wg sync.WaitGroup
				for i := range c.engines {
					e, err := New(loadgen.Spec{Target: "http://127.0.0.1/", RateRPS: rate, Duration: loadgen.Duration(time.Second), Connections: connections}.WithDefaults(), Options{Threads: c.threads, Dial: dial})
					if err != nil {
						t.Fatal(err)
					}
					share := loadgen.Share{Connections: connections / c.engines, Schedule: steady(rate), Until: loadgen.Duration(time.Second), Index: i, Of: c.engines}
					wg.Go(func() {
						if err := e.Run(t.Context(), start, share, func(loadgen.Snapshot) {}); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				slices.Sort(came)
				if len(came) != rate {
					t.Fatalf("%d requests came", len(came))
				}
				for k, at := range came {
					if due := time.Duration(k) * time.Second / rate; at != due {
						t.Fatalf("request %d came at %v, due at %v", k, at, due)
					}
				}
			})
		})
	}
}

// A burst's requests arrive at T0, all of them, over connections that were opened before.
func TestABurstArrivesAtOneInstant(t *testing.T) {
	for name, spec := range map[string]loadgen.Spec{"keep-alive": {}, "no keep-alive": {NoKeepalive: true}} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var came []time.Duration
			spec.Count, spec.Connections, spec.Burst = 64, 64, true
			list := virtually(t, spec, loadgen.Share{Quota: 64}, func(since time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				came = append(came, since)
			}, nil)
			if last := list[len(list)-1]; last.Total.Responses != 64 || len(came) != 64 || slices.Max(came) != 0 || slices.Min(came) != 0 {
				t.Errorf("from %v to %v, %+v", slices.Min(came), slices.Max(came), last.Total)
			}
		})
	}
}
