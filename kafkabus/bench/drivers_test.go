package main

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"landfall/node"
)

// A simulated snapshot is one that a node accepts.
func TestSnapshotIsValid(t *testing.T) {
	topic, key, value, err := node.Encode(snapshot(driverID(7), 4, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	m, err := node.Decode(node.Record{Topic: topic, Key: key, Value: value})
	s, is := m.(*node.Metrics)
	if err != nil || !is || s.NodeID != "driver-0007" || s.Seq != 5 || s.Snapshot.Total.Requests != 10_000 || s.Snapshot.Latency.Count() != 2000 {
		t.Errorf("%+v, %v", m, err)
	}
}

// Of each trigger record the longest delay of any tail is kept.
func TestSlowestTail(t *testing.T) {
	s := &slowest{latest: map[string]time.Duration{}}
	var ready sync.WaitGroup
	r := s.reader(&ready)
	post := func(ago time.Duration) {
		t.Helper()
		topic, key, value, err := node.Encode(&node.Trigger{ID: "t1", Action: node.Kill, NodeID: "nobody", Reason: strconv.FormatInt(time.Now().Add(-ago).UnixMicro(), 10)})
		if err != nil {
			t.Fatal(err)
		}
		r.Record(node.Record{Topic: topic, Key: key, Value: value})
	}
	post(time.Hour)
	post(time.Minute)
	if us, err := strconv.ParseInt(s.text(), 10, 64); err != nil || us < time.Hour.Microseconds() || us > (time.Hour+time.Minute).Microseconds() {
		t.Errorf("%q, %v", s.text(), err)
	}
}
