package fleet

import (
	"fmt"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node"
)

// BenchmarkSecondOf1000Drivers folds the records of 1,000 drivers in one second: a heartbeat and a snapshot
// each, and ten ticks. Its ns/op are therefore the core time that an orchestrator spends per second.
func BenchmarkSecondOf1000Drivers(b *testing.B) {
	const drivers = 1000
	s := New()
	now := time.UnixMilli(1_800_000_000_000)
	encode := func(m node.Message) node.Record {
		topic, key, value, err := node.Encode(m)
		if err != nil {
			b.Fatal(err)
		}
		return node.Record{Topic: topic, Key: key, Value: value, Appended: now}
	}
	fold := func(r node.Record) {
		if err := apply(s, r); err != nil {
			b.Fatal(err)
		}
	}
	var ids []string
	plan := &node.Plan{}
	for i := range drivers {
		id := fmt.Sprintf("drv-%04d", i)
		ids = append(ids, id)
		plan.Shares = append(plan.Shares, node.NodeShare{NodeID: id, Connections: 64})
	}
	fold(encode(&node.Config{TestID: "t", Drivers: ids, Spec: spec}))
	fold(encode(&node.Trigger{ID: "s", Action: node.Start, TestID: "t", Conductor: "o", Epoch: 1, T0US: now.UnixMicro(), Plan: plan}))
	h := hdr.New()
	for i := range int64(2000) {
		h.Record(500 + i*i/50)
	}
	b.ReportAllocs()
	for second := range b.N {
		b.StopTimer()
		now = now.Add(time.Second)
		var records []node.Record
		for _, id := range ids {
			counts := loadgen.Counts{Requests: 2000, Responses: 2000, Statuses: map[string]int64{"200": 2000}}
			records = append(records,
				encode(&node.Heartbeat{NodeID: id, BootID: "b", State: node.Running, TestID: "t"}),
				encode(&node.Metrics{NodeID: id, BootID: "b", Seq: uint64(second + 1), TestID: "t", AtUS: now.UnixMicro(),
					Snapshot: loadgen.Snapshot{Interval: second, Delta: counts, Total: counts, Times: loadgen.Times{Latency: h, Service: h}, Lag: h}}))
		}
		b.StartTimer()
		for i, r := range records {
			fold(r)
			if i%(2*drivers/10) == 0 {
				s.Tick(now)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e7, "%core")
}
