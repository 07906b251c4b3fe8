package fleet

import (
	"slices"
	"testing"
	"time"

	"landfall/node"
)

// A process that reads the topics later finds the same events at the same times, in the same order.
func TestEventsAtTheirTimes(t *testing.T) {
	p := newScript(t)
	began := p.now
	for _, id := range []string{"a", "b"} {
		p.post(&node.Register{NodeID: id, BootID: "boot-" + id})
		p.beat(node.Idle, "", id)
		p.now = p.now.Add(time.Minute)
	}
	p.beat(node.Idle, "", "a", "b")

	late := New()
	last := map[string]node.Record{}
	for _, r := range p.all { // heartbeats from before its start are not read
		if r.Topic == node.TopicHeartbeat {
			last[r.Key] = r
		} else if err := apply(late, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"b", "a"} {
		if err := apply(late, last[id]); err != nil {
			t.Fatal(err)
		}
	}
	for i, id := range []string{"a", "b"} {
		e := late.Events()[i]
		if e.Kind != EventJoined || e.NodeID != id || !e.At.Equal(began.Add(time.Duration(i)*time.Minute)) {
			t.Errorf("event %d is %s of %s at %s", i, e.Kind, e.NodeID, e.At.Sub(began))
		}
	}
	if !slices.IsSortedFunc(late.Events(), func(a, b Event) int { return a.At.Compare(b.At) }) {
		t.Errorf("events are not in order: %v", late.Events())
	}
}
