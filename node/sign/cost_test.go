package sign

import (
	"fmt"
	"strings"
	"testing"

	"landfall/node"
)

// BenchmarkThousandDrivers verifies what a thousand drivers send each second: a heartbeat and a snapshot
// each. Its ns/op are therefore the core time that an orchestrator spends per second; the limit is 50 ms. Two
// operators and a gateway have keys, so that each record has three proofs.
func BenchmarkThousandDrivers(b *testing.B) {
	const drivers = 1000
	root, ann := NewKey(), NewKey()
	members := []Member{operator(ann, "ann"), operator(NewKey(), "bob"), operator(NewKey(), "gateway")}
	keys := make([]*Key, drivers)
	for i := range keys {
		keys[i] = NewKey()
		members = append(members, driver(keys[i], fmt.Sprint("driver-", i)))
	}
	r, err := NewRing(root).Next(root, nil, func(list *[]Member) error {
		*list = members
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	var second []node.Record
	for i, k := range keys {
		for topic, size := range map[node.Topic]int{node.TopicHeartbeat: 400, node.TopicMetrics: 1500} {
			e := envelope{at: noon, body: []byte(`{"schema":1,"pad":"` + strings.Repeat("x", size) + `"}`)}
			name := fmt.Sprint("driver-", i)
			message := signEnvelope(b, &e, k, place{r.Fleet, "landfall.", topic, name})
			newPairs(k, r.Fleet).prove(&e, message, r, noon)
			second = append(second, node.Record{Topic: topic, Key: name, Value: e.bytes(), Appended: noon})
		}
	}
	g := newGuard(r, "landfall.", ann, "")
	judge := func() {
		for _, rec := range second {
			if _, err := g.judge(rec); err != nil {
				b.Fatal(err)
			}
		}
	}
	judge() // derives the keys that are shared with each driver
	b.ReportAllocs()
	for b.Loop() {
		judge()
	}
	b.ReportMetric(100*float64(b.Elapsed().Seconds())/float64(b.N), "%core")
}
