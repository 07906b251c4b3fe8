package report

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report/reporttest"
)

func TestUnknown(t *testing.T) {
	tsunami := loadgen.Spec{Kind: loadgen.Tsunami, OrphanTimeout: loadgen.Duration(30 * time.Second)}
	avalanche := loadgen.Spec{Kind: loadgen.Avalanche, OrphanTimeout: loadgen.Duration(30 * time.Second)}
	steps := []loadgen.Step{{Get: "/"}}
	mixed := loadgen.Spec{Kind: loadgen.Tsunami, OrphanTimeout: tsunami.OrphanTimeout, Scenarios: []loadgen.Scenario{{Name: "a", RateRPS: 100, Steps: steps}, {Name: "b", Users: 4, Steps: steps}}}
	plan := func(until float64, quota int64) node.Plan {
		return node.Plan{UntilUS: int64(until * 1e6), Schedule: []loadgen.Stage{{To: 100}},
			Shares: []node.NodeShare{{NodeID: "a", Connections: 8, Quota: quota}, {NodeID: "b", Connections: 8, Quota: quota}}}
	}
	loads := func(until float64, quota int64) node.Plan {
		p := plan(until, quota)
		p.Loads = mixed.Loads()
		return p
	}
	held := loadgen.Spec{Kind: loadgen.Avalanche, Users: 100, OrphanTimeout: avalanche.OrphanTimeout, Scenarios: []loadgen.Scenario{{Name: "a", Steps: steps}}, HTTP2: true, Streams: 100}
	paced := held
	paced.Pace = loadgen.Duration(10 * time.Second)
	takeover := node.Plan{Seq: 1, FromUS: 8_000_000, Schedule: []loadgen.Stage{{To: 100}}, Shares: []node.NodeShare{{NodeID: "a"}}}
	// b had reported up to 3 s: 150 requests due, 148 ended, 2 in flight. Its last heartbeat was at 3 s.
	lost := fleet.Carrier{NodeID: "b", LostAt: reporttest.Seconds(8), HeardAt: reporttest.Seconds(3), LastEnd: reporttest.Seconds(3), Begun: 150, Peak: 500,
		Total: loadgen.Counts{Requests: 147, Dropped: 1}}
	with := func(f func(*fleet.Carrier)) fleet.Carrier { c := lost; f(&c); return c }
	users := with(func(c *fleet.Carrier) { c.Total = loadgen.Counts{Requests: 300, Iterations: 147, Dropped: 1} })
	cases := []struct {
		name    string
		spec    loadgen.Spec
		carrier fleet.Carrier
		plans   []node.Plan
		want    int64
	}{
		{"not lost", tsunami, with(func(c *fleet.Carrier) { c.LostAt = 0 }), []node.Plan{plan(60, 0)}, 0},
		{"final", tsunami, with(func(c *fleet.Carrier) { c.Final = true }), []node.Plan{plan(60, 0)}, 0},
		{"tsunami until the plan ends", tsunami, lost, []node.Plan{plan(5, 0)}, 2*50 + 2},
		{"tsunami until it stops by itself", tsunami, lost, []node.Plan{plan(60, 0)}, 31*50 + 25 + 2},
		{"tsunami up to its quota", tsunami, lost, []node.Plan{plan(60, 200)}, 50 + 2},
		{"tsunami, quota done", tsunami, lost, []node.Plan{plan(60, 150)}, 2},
		{"tsunami, waiting requests", tsunami, with(func(c *fleet.Carrier) { c.Begun = 140 }), []node.Plan{plan(5, 0)}, 2*50 + 10},
		{"tsunami after the takeover that it never read", tsunami, lost, []node.Plan{plan(60, 0), takeover}, 31*50 + 25 + 2},
		{"no plan held", tsunami, lost, nil, 2},
		{"avalanche with quota", avalanche, lost, []node.Plan{plan(60, 200)}, 52},
		{"avalanche by its peak", avalanche, lost, []node.Plan{plan(60, 0)}, 31*500 + 250 + 8},
		{"users, whose streams are not connections of the spec", held, users, []node.Plan{plan(60, 0)}, 31*500 + 250 + 50},
		{"users until the plan ends", held, users, []node.Plan{plan(4, 0)}, 500 + 50},
		{"users with more iterations in flight than the plan has users", held, with(func(c *fleet.Carrier) { c.Begun = 300; c.Total = loadgen.Counts{Iterations: 200} }), []node.Plan{plan(4, 0)}, 500 + 100},
		{"users with a pace", paced, users, []node.Plan{plan(60, 0)}, 4*50 + 2},
		{"slow users with a pace", paced, with(func(c *fleet.Carrier) { c.Total = loadgen.Counts{Iterations: 148}; c.Peak = 1 }), []node.Plan{plan(60, 0)}, 32 + 50},
		{"avalanche until the plan ends", avalanche, lost, []node.Plan{plan(4, 0)}, 500 + 8},
		{"rates and users at once", mixed, users, []node.Plan{loads(4, 0)}, 50 + 2 + 500 + 2 + 1},
		{"rates and users at once, with a quota", mixed, users, []node.Plan{loads(4, 200)}, 50 + 2},
		{"avalanche lost before its first report", avalanche, with(func(c *fleet.Carrier) { c.LastEnd, c.Begun, c.Peak, c.Total = 0, 0, 0, loadgen.Counts{} }),
			[]node.Plan{plan(4, 0)}, 4*400 + 8},
		{"avalanche reported to the end", avalanche, lost, []node.Plan{plan(3, 0)}, 8},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Unknown(&fleet.Run{Spec: c.spec, Plans: c.plans, Drivers: map[string]*fleet.Carrier{"a": {Peak: 400}, "b": &c.carrier}}, &c.carrier); got != c.want {
				t.Errorf("unknown %d, want %d", got, c.want)
			}
		})
	}
}
