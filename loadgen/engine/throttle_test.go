package engine

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
)

// tally is the number of requests answered in each second since T0.
type tally struct {
	mu  sync.Mutex
	per map[int]int
}

func (c *tally) add(since time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per == nil {
		c.per = map[int]int{}
	}
	c.per[int(since/time.Second)]++
}

func (c *tally) sum() (n int) {
	for _, k := range c.per {
		n += k
	}
	return n
}

// TestCapHoldsForEveryShare: a stall, a burst of adjusts from T0 on and a rate that is far too high.
func TestCapHoldsForEveryShare(t *testing.T) {
	steady := func(rate float64) []loadgen.Stage { return []loadgen.Stage{{From: &rate, To: rate}} }
	for name, c := range map[string]struct {
		rate   float64
		stall  time.Duration
		during func(*Engine)
		most   int // in any second
	}{
		"a rate above it": {rate: 1000, most: 51},
		"after a stall":   {rate: 100, stall: 3 * time.Second, most: 100},
		"adjusted from T0 on, again and again": {rate: 20, most: 100, during: func(e *Engine) {
			time.Sleep(4 * time.Second)
			for seq := range 20 {
				e.Adjust(loadgen.Share{Seq: seq + 1, Of: 1, Connections: 10, Until: loadgen.Duration(6 * time.Second), Schedule: steady(100)})
				time.Sleep(10 * time.Millisecond)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var n tally
			spec := loadgen.Spec{Kind: loadgen.Tsunami, Duration: loadgen.Duration(time.Minute), RateRPS: c.rate, Connections: 10, Patience: loadgen.Duration(time.Hour), Timeout: loadgen.Duration(time.Minute)}
			share := loadgen.Share{Until: loadgen.Duration(6 * time.Second), Schedule: steady(c.rate)}
			virtuallyWith(t, Options{MaxRate: 50, MaxDuration: 7 * time.Second}, spec, share, func(since time.Duration) {
				n.add(since)
				if since < c.stall {
					time.Sleep(c.stall - since)
				}
			}, c.during)
			for second, k := range n.per {
				if k > c.most {
					t.Errorf("%d requests in second %d, want at most %d", k, second, c.most)
				}
			}
			if n.sum() > 50*7+1 || n.sum() < 120 {
				t.Errorf("%d requests in 7 s at 50 per second", n.sum())
			}
		})
	}
}

func TestNothingIsIssuedAfterTheLongestDuration(t *testing.T) {
	var n tally
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Duration: loadgen.Duration(time.Minute), RateRPS: 10, Connections: 1, Patience: loadgen.Duration(time.Hour), Timeout: loadgen.Duration(time.Minute)}
	rate := 10.0
	share := loadgen.Share{Until: loadgen.Duration(10 * time.Second), Schedule: []loadgen.Stage{{From: &rate, To: rate}}}
	list := virtuallyWith(t, Options{MaxDuration: 2 * time.Second}, spec, share, func(since time.Duration) {
		n.add(since)
		time.Sleep(900 * time.Millisecond)
	}, nil)
	for second := range n.per {
		if second >= 2 {
			t.Errorf("a request in second %d", second)
		}
	}
	if last := list[len(list)-1]; !last.Final || last.Interval > 3 {
		t.Errorf("it ended in interval %d", last.Interval)
	}
}

// TestAStopIsObeyedHoweverMuchIsDue uses the machine's clock: on a virtual clock nothing becomes due while a loop is busy.
func TestAStopIsObeyedHoweverMuchIsDue(t *testing.T) {
	rate := 1e9
	spec := loadgen.Spec{Kind: loadgen.Tsunami, Target: "http://127.0.0.1/", RateRPS: 1e6, Connections: 1, Duration: loadgen.Duration(time.Minute), Patience: loadgen.Duration(time.Millisecond)}
	never := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	e, err := New(spec.WithDefaults(), Options{Threads: 1, Dial: never})
	if err != nil {
		t.Fatal(err)
	}
	share := loadgen.Share{Until: loadgen.Duration(time.Minute), Connections: 1, Of: 1, Schedule: []loadgen.Stage{{From: &rate, To: rate}}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stopped time.Time
	time.AfterFunc(300*time.Millisecond, func() { stopped = time.Now(); e.Drain(); cancel() })
	var last loadgen.Snapshot
	if err := e.Run(ctx, time.Now(), share, func(s loadgen.Snapshot) { last = s }); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(stopped); took > 5*time.Second {
		t.Errorf("it ended %v after it was stopped", took)
	}
	if last.Total.Dropped < 1e8 {
		t.Errorf("%d dropped of at least 2.9e8 that were due", last.Total.Dropped)
	}
}
