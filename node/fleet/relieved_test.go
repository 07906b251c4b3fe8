package fleet

import (
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
)

// b is suspended from second 2 to 12 of a tsunami of 20/s; a has its share from second 8 on. b drops what was
// due in those ten seconds: 100 requests, 40 of which a has sent.
func TestSuspendedDriverDropsOnlyItsOwn(t *testing.T) {
	p := newScript(t)
	p.beat(node.Idle, "", "a", "b")
	rate := 20.0
	schedule := []loadgen.Stage{{From: &rate, To: rate}}
	p.post(&node.Config{TestID: "t1", Drivers: []string{"a", "b"}, By: "me", Spec: spec})
	p.post(&node.Trigger{ID: "s", Action: node.Start, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1, T0US: p.now.UnixMicro(),
		Plan: &node.Plan{UntilUS: 60e6, Schedule: schedule, Shares: []node.NodeShare{{NodeID: "a"}, {NodeID: "b"}}}})
	total := int64(0)
	for i := range 13 {
		p.pass(time.Second)
		p.beat(node.Running, "t1", "a")
		n := int64(10)
		if i >= 8 {
			n = 20
		}
		total += n
		p.post(p.snapshot("t1", "a", i, n, total, false))
		if i < 2 {
			p.post(p.snapshot("t1", "b", i, 10, int64(10*(i+1)), false))
		}
		if i == 7 {
			p.post(&node.Trigger{ID: "over", Action: node.Adjust, TestID: "t1", By: "me", Conductor: "o1", Epoch: 1,
				Plan: &node.Plan{Seq: 1, FromUS: 8e6, UntilUS: 60e6, Schedule: schedule, Shares: []node.NodeShare{{NodeID: "a"}}}})
		}
	}
	back := p.snapshot("t1", "b", 12, 4, 24, true)
	back.Snapshot.Delta.Dropped, back.Snapshot.Total.Dropped = 100, 100
	p.post(back)
	r := p.s.Run("t1")
	if c := r.Drivers["b"]; c.LostAt == 0 || c.Relieved != 40 {
		t.Errorf("lost at %v, relieved of %d, want 40", c.LostAt, c.Relieved)
	}
	if r.Total.Dropped != 60 || r.Intervals.At(12).Delta.Dropped != 60 {
		t.Errorf("%d dropped, %d in the second in which b came back, want 60", r.Total.Dropped, r.Intervals.At(12).Delta.Dropped)
	}
	if r.Total.Requests != total+24 {
		t.Errorf("%d requests, want %d", r.Total.Requests, total+24)
	}
}
