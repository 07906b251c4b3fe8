package orchestrator

import (
	"fmt"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/node"
	"landfall/node/membus"
	"landfall/node/report"
)

func TestRunsAreCountedExactly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		drivers int
		spec    func(*site) loadgen.Spec
		want    int64 // 0: any
	}{
		{"tsunami by duration", 3, func(s *site) loadgen.Spec { return s.tsunami(300, 2*time.Second) }, 600},
		{"tsunami by count", 3, func(s *site) loadgen.Spec {
			spec := s.tsunami(500, 0)
			spec.Count = 701
			return spec
		}, 701},
		{"tsunami by delay and count per driver", 2, func(s *site) loadgen.Spec {
			return loadgen.Spec{Target: s.url, Delay: loadgen.Duration(5 * time.Millisecond), CountPerDriver: 150, Connections: 4}
		}, 300},
		{"avalanche by count", 3, func(s *site) loadgen.Spec { return loadgen.Spec{Target: s.url, Count: 5003, Connections: 4} }, 5003},
		{"avalanche by duration", 2, func(s *site) loadgen.Spec {
			return loadgen.Spec{Target: s.url, Duration: loadgen.Duration(time.Second), Connections: 4}
		}, 0},
		{"fewer requests than drivers", 3, func(s *site) loadgen.Spec { return loadgen.Spec{Target: s.url, Count: 2, Connections: 1} }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, func(t *testing.T, s *site) {
				for i := range c.drivers {
					s.driver(fmt.Sprintf("drv-%d", i))
				}
				o := s.orchestrator("o1")
				id := s.trigger(o, c.spec(s), Selection{Count: c.drivers})
				r := s.finished(o, id)
				if r.Requests != s.served.Load() || r.Responses != r.Requests || c.want > 0 && r.Requests != c.want {
					t.Errorf("reported %d requests, %d responses; the target counted %d, asked for %d", r.Requests, r.Responses, s.served.Load(), c.want)
				}
				if r.Outcome != report.Finished || r.Unknown != 0 || r.Coverage.Requests != 1 {
					t.Errorf("outcome %s %v, unknown %d, coverage %+v", r.Outcome, r.Reasons, r.Unknown, r.Coverage)
				}
			})
		})
	}
}

func TestNewestHeartbeatOfABacklogSetsTheClock(t *testing.T) {
	o := New(membus.New().Node("o1"), Config{})
	now := time.Now()
	for i := range 9 {
		beat := &node.Heartbeat{NodeID: "d", BootID: "b", Seq: uint64(i + 1), State: node.Idle}
		topic, key, value, err := node.Encode(beat)
		if err != nil {
			t.Fatal(err)
		}
		o.fold(node.Record{Topic: topic, Key: key, Value: value, Appended: now.Add(time.Duration(i-8) * time.Second)})
	}
	if off := o.Now().Sub(now); off < 0 || off > time.Second {
		t.Errorf("the broker's time is off by %v", off)
	}
}
