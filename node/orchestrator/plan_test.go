package orchestrator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
)

func ids(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("drv-%03d", i))
	}
	return list
}

func TestFirstPlanSumsExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		n, total := 1+r.IntN(200), 1+r.Int64N(1e6)
		p := firstPlan(loadgen.Spec{Kind: loadgen.Avalanche, Count: total, Connections: 4}, ids(n))
		sum, low, high := int64(0), total, int64(0)
		for _, s := range p.Shares {
			sum, low, high = sum+s.Quota, min(low, s.Quota), max(high, s.Quota)
		}
		if sum != total || high-low > 1 || low == 0 {
			t.Fatalf("%d requests for %d drivers: sum %d, from %d to %d", total, n, sum, low, high)
		}
	}
}

func TestFirstPlan(t *testing.T) {
	second := loadgen.Duration(time.Second)
	for _, c := range []struct {
		name  string
		spec  loadgen.Spec
		rate  float64
		total int64
	}{
		{"fleet's rate", loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 900, Duration: second}, 900, 0},
		{"each driver's delay", loadgen.Spec{Kind: loadgen.Tsunami, Delay: loadgen.Duration(10 * time.Millisecond), CountPerDriver: 7}, 300, 21},
		{"avalanche", loadgen.Spec{Kind: loadgen.Avalanche, CountPerDriver: 5}, 0, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := firstPlan(c.spec, ids(3))
			total := int64(0)
			for _, s := range p.Shares {
				total += s.Quota
			}
			if got := loadgen.Schedule(p.Schedule).Peak(); got != c.rate || total != c.total {
				t.Errorf("rate %v, %d requests; want %v, %d", got, total, c.rate, c.total)
			}
		})
	}
}

// started returns a run with a plan for n drivers, none of which has reported anything.
func started(spec loadgen.Spec, n int) *fleet.Run {
	p := firstPlan(spec, ids(n))
	r := &fleet.Run{Spec: spec, Plans: []node.Plan{p}, Drivers: map[string]*fleet.Carrier{}}
	for _, s := range p.Shares {
		r.Drivers[s.NodeID] = &fleet.Carrier{NodeID: s.NodeID}
	}
	return r
}

// However drivers are lost or drain, what was reported and what is assigned sum to the requested total.
func TestNextPlanKeepsTheTotal(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		n, total := 2+r.IntN(20), 1000+r.Int64N(1e5)
		run := started(loadgen.Spec{Kind: loadgen.Avalanche, Count: total, Connections: 8}, n)
		for _, c := range run.Drivers {
			q := run.Plan().Quota(c.NodeID)
			c.Begun = r.Int64N(q + 1)
			c.Total.Requests = r.Int64N(c.Begun + 1)
			switch r.IntN(4) {
			case 0:
				c.LostAt = time.Second
			case 1:
				c.Released, c.Final, c.Total.Requests = true, true, c.Begun
			}
		}
		p, _, ok := nextPlan(run, nil, 5*time.Second)
		if !ok {
			continue
		}
		sum := int64(0)
		for _, c := range run.Drivers {
			if !c.Holds() {
				sum += c.Total.Requests
			}
		}
		connections := 0
		for _, s := range p.Shares {
			sum, connections = sum+s.Quota, connections+s.Connections
			if !run.Drivers[s.NodeID].Holds() {
				t.Fatal("a share for a driver that does not hold")
			}
		}
		if sum != total || connections != 8*n || p.Seq != 1 {
			t.Fatalf("%d requests and %d connections of %d and %d, plan %d", sum, connections, total, 8*n, p.Seq)
		}
		run.Plans = append(run.Plans, p)
		if _, why, again := nextPlan(run, nil, 6*time.Second); again {
			t.Fatal("the next plan is not the last: ", why)
		}
	}
}

func TestDrainedDriverIsCountedWhenItHasReported(t *testing.T) {
	run := started(loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 100, Count: 1000, Connections: 2}, 2)
	gone := run.Drivers["drv-000"]
	gone.Released, gone.Begun = true, 100
	p, _, ok := nextPlan(run, nil, time.Second)
	if !ok || len(p.Shares) != 1 || p.Shares[0].Quota != 500 {
		t.Fatalf("while it drains: %+v", p.Shares)
	}
	run.Plans = append(run.Plans, p)
	gone.Final, gone.Begun = true, 110
	p, _, ok = nextPlan(run, nil, 2*time.Second)
	if !ok || p.Shares[0].Quota != 890 {
		t.Fatalf("when it has drained: %+v", p.Shares)
	}
}

func TestCapsLowerTheRate(t *testing.T) {
	run := started(loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 300, Duration: loadgen.Duration(time.Minute), Connections: 2}, 3)
	run.Drivers["drv-002"].LostAt, run.Drivers["drv-002"].LostWhy = time.Second, "no heartbeat"
	drivers := map[string]*fleet.Driver{"drv-000": {Register: node.Register{MaxRateRPS: 120, MaxConnections: 2}}}
	p, why, ok := nextPlan(run, drivers, 10*time.Second)
	if !ok || loadgen.Schedule(p.Schedule).Peak() != 240 || p.Shares[0].Connections != 2 || p.Shares[1].Connections != 3 {
		t.Errorf("rate %v, shares %+v (%s)", loadgen.Schedule(p.Schedule).Peak(), p.Shares, why)
	}
	if want := []node.Loss{{NodeID: "drv-002", AtUS: 1e6, Reason: "no heartbeat"}}; !slices.Equal(p.Lost, want) {
		t.Errorf("lost %+v, want %+v", p.Lost, want)
	}
}

func TestPauseAndResumeKeepTheSchedule(t *testing.T) {
	ten := loadgen.Duration(10 * time.Second)
	zero := 0.0
	run := started(loadgen.Spec{Kind: loadgen.Tsunami, Stages: []loadgen.Stage{{From: &zero, To: 100, Duration: ten}, {To: 100, Duration: ten}}, Connections: 3}, 2)
	run.Plans = append(run.Plans, paused(run, 5*time.Second))
	run.Paused = true
	if p := run.Plan(); loadgen.Schedule(p.Schedule).Peak() != 0 || p.Shares[0].Connections != 0 {
		t.Fatalf("paused: %+v", p)
	}
	p := resumed(run, 8*time.Second)
	if p.UntilUS != 23e6 || p.Shares[1].Connections != 3 {
		t.Errorf("resumed: %+v", p)
	}
	was, is := loadgen.Schedule(run.Plans[0].Schedule), loadgen.Schedule(p.Schedule)
	if before, after := was.Rate(6*time.Second), is.Rate(time.Second); before != after {
		t.Errorf("a second after the pause the rate is %v, not %v", after, before)
	}
}

// A safe takeover reassigns a share only after the lost driver's orphan timeout.
func TestSafeTakeoverWaitsForTheLostDriver(t *testing.T) {
	spec := loadgen.Spec{Kind: loadgen.Tsunami, RateRPS: 300, Duration: loadgen.Duration(time.Minute), Connections: 2, OrphanTimeout: loadgen.Duration(20 * time.Second), Takeover: "safe"}
	run := started(spec, 3)
	run.Drivers["drv-002"].LostAt = 10 * time.Second
	p, why, ok := nextPlan(run, nil, 10*time.Second)
	if !ok || p.FromUS < 30e6 || p.FromUS > 32e6 || len(p.Shares) != 2 || !strings.Contains(why, "in 21 s, once it is certain to have stopped") {
		t.Fatalf("from %v, %d shares (%s)", time.Duration(p.FromUS)*time.Microsecond, len(p.Shares), why)
	}
	run.Plans = append(run.Plans, p)
	if faster, err := withRate(run, 500, 12*time.Second); err != nil || faster.FromUS < p.FromUS {
		t.Error("another rate brings the takeover forward")
	}
	if still := paused(run, 12*time.Second); still.FromUS != 12e6 {
		t.Error("a pause waits for the takeover")
	}
	drained := started(spec, 3)
	drained.Drivers["drv-002"].Released = true
	if p, _, _ := nextPlan(drained, nil, 10*time.Second); p.FromUS != 10e6 {
		t.Errorf("a driver that drains has stopped, and yet it is waited for: from %d", p.FromUS)
	}
	late := started(spec, 3)
	late.Drivers["drv-002"].LostAt = 50 * time.Second
	if p, _, ok := nextPlan(late, nil, 50*time.Second); ok {
		t.Errorf("a plan from %d on for a run that ends before", p.FromUS)
	}
}
