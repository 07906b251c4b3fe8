package fleet

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// b is disconnected from second 2 to 12 and continues; a has its share from second 8 on.
func TestDisconnectedDriverExceedsTheRate(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a", "b")
	rate := 20.0
	schedule := []loadgen.Stage{{From: &rate, To: rate}}
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a", "b"}, By: "me", Spec: spec})
	p.post(&node.Trigger{ID: "s", Action: node.Start, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.UnixMicro(),
		Plan: &node.Plan{UntilUS: 60e6, Schedule: schedule, Shares: []node.NodeShare{{NodeID: "a"}, {NodeID: "b"}}}})
	var late []*node.Metrics
	for i := range 13 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
		n := int64(10)
		if i >= 8 {
			n = 20
		}
		p.post(p.snapshot("t1", "a", i, n, int64(10*(i+1))+max(0, int64(i-7)*10), false))
		if i == 7 {
			p.post(&node.Trigger{ID: "over", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1,
				Plan: &node.Plan{Seq: 1, FromUS: 8e6, UntilUS: 60e6, Schedule: schedule, Shares: []node.NodeShare{{NodeID: "a"}}}})
		}
		late = append(late, p.snapshot("t1", "b", i, 10, int64(10*(i+1)), i == 12))
	}
	r := p.s.Run("t1")
	if _, ok := r.Excess(r.Drivers["b"]); ok || r.Drivers["b"].LostAt == 0 {
		t.Fatalf("lost at %v; exceeded before its snapshots arrived: %v", r.Drivers["b"].LostAt, ok)
	}
	for _, m := range late {
		p.post(m)
	}
	x, ok := r.Excess(r.Drivers["b"])
	if !ok || x.From != 8*time.Second || x.Until != 13*time.Second || x.PeakRPS != 30 || x.AskedRPS != 20 {
		t.Errorf("%+v, %v", x, ok)
	}
	if got := texts(r.Events); strings.Count(got, "b continued while it was disconnected: from second 8 to 13 up to 30 requests/s of 20 asked") != 1 {
		t.Errorf("events:\n%s", got)
	}
}
