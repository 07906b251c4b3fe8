package main

import (
	"testing"
	"time"

	"landfall/loadgen/hdr"
	"landfall/node"
)

func TestNumberOfAField(t *testing.T) {
	const message = `{"seq":120,"note":"1700000000000001","total":7}`
	for field, want := range map[string]int64{`"seq":`: 120, `"note":"`: 1700000000000001, `"total":`: 7, `"none":`: 0} {
		if got := number([]byte(message), field); got != want {
			t.Errorf("%s: %d, want %d", field, got, want)
		}
	}
}

// Records that are delivered again are counted apart, and delays only while the measurement lasts.
func TestRepeatedRecordsAreNoRecords(t *testing.T) {
	o := &orchestrator{seqs: map[node.Topic]map[string]int64{node.TopicHeartbeat: {}}}
	delays := hdr.New()
	ago := time.Now().Add(-time.Minute).UnixMicro()
	for i, seq := range []string{"1", "2", "2", "1", "3"} {
		o.measuring = i > 0
		o.count(delays, node.Record{Topic: node.TopicHeartbeat, Key: "d", Value: []byte(`{"seq":` + seq + `}`)}, ago)
	}
	if o.records != 3 || o.repeated != 2 || delays.Count() != 2 || delays.Min() < 59_000_000 {
		t.Errorf("%d records, %d repeated, delays %v", o.records, o.repeated, delays)
	}
}
