package fleet

import (
	"slices"
	"testing"
	"time"

	"landfall/node"
)

// Drivers that are lost or killed at nearly the same time share a label; two keep theirs, and so do those that are lost later.
func TestMarks(t *testing.T) {
	at := func(s float64, kind EventKind, id string) Event {
		return Event{At: time.Unix(0, int64(s*1e9)), Kind: kind, NodeID: id}
	}
	var labels []string
	for _, m := range Marks([]Event{
		at(1, EventStarted, ""), at(10, EventLost, "a"), at(10.5, EventKilled, "x"), at(10.5, EventAdjusted, ""), at(11, EventLost, "b"), at(12.9, EventLost, "c"),
		at(13, EventLost, "d"), at(13.5, EventKilled, "y"), at(14, EventLost, "e"),
	}) {
		labels = append(labels, m.Label)
	}
	if want := []string{"✖3 drivers", "✖x", "◆", "", "", "✖d", "✖y", "✖e"}; !slices.Equal(labels, want) {
		t.Errorf("%q, want %q", labels, want)
	}
}

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
