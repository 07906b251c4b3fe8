// Package reporttest provides runs with known reports, for tests of reports and of their rendering.
package reporttest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/hdr"
	"landfall/node"
	"landfall/node/fleet"
)

// T0 is when the runs start.
var T0 = time.Date(2026, 11, 23, 16, 40, 2, 0, time.UTC)

// Seconds returns s seconds as a duration.
func Seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Histogram returns a histogram of values, in µs.
func Histogram(values ...int64) *hdr.Histogram {
	h := hdr.New()
	for _, v := range values {
		h.Record(v)
	}
	return h
}

// Skewed returns n latencies as a typical target has them, in µs: most near 300 µs, some far out.
func Skewed(n int) []int64 {
	rng := rand.New(rand.NewPCG(1, 2))
	list := make([]int64, n)
	for i := range list {
		list[i] = 180 + int64(120*rng.ExpFloat64())
		if i%200 == 0 {
			list[i] *= 40
		}
	}
	return list
}

// Healthy returns a tsunami of 1,000/s for ten seconds on three drivers, without any failure.
func Healthy() *fleet.Run {
	run := &fleet.Run{
		ID: "t-4f1c", Phase: fleet.Started, T0: T0, EndedAt: T0.Add(Seconds(10.1)), By: "ana@ops",
		Spec: loadgen.Spec{
			Kind: loadgen.Tsunami, Target: "http://127.0.0.1:8080/ping", RateRPS: 1000, Connections: 64,
			Duration: loadgen.Duration(Seconds(10)), OrphanTimeout: loadgen.Duration(Seconds(30)),
		},
		Plans:   []node.Plan{{UntilUS: 10e6, Schedule: []loadgen.Stage{{To: 1000}}}},
		Drivers: map[string]*fleet.Carrier{},
		Total:   loadgen.Counts{Requests: 10000, Responses: 10000, Statuses: map[string]int64{"200": 10000}, BytesWritten: 720_000, BytesRead: 1_430_000},
		Latency: Histogram(Skewed(10000)...), Service: Histogram(Skewed(10000)...), Lag: Histogram(40, 60, 90),
		Events: []fleet.Event{{At: T0.Add(-time.Second), Kind: fleet.EventStarted, Text: "t-4f1c was started on 3 drivers by ana@ops"}},
	}
	for i, n := range loadgenSplit {
		id := fmt.Sprintf("drv-%02d", i+1)
		run.Plans[0].Shares = append(run.Plans[0].Shares, node.NodeShare{NodeID: id, Connections: 64})
		run.Drivers[id] = &fleet.Carrier{
			NodeID: id, Host: "host-" + id, Total: loadgen.Counts{Requests: n, Responses: n}, Begun: n, Latency: Histogram(Skewed(int(n))...),
			StartUS: T0.UnixMicro() + int64(i)*205, LastEnd: Seconds(10), Final: true, Peak: 334, CPUUS: 60_000,
		}
	}
	for range 10 {
		run.Intervals.Append(&fleet.Interval{
			Delta: loadgen.Counts{Requests: 1000, Responses: 1000}, Asked: 1000, Expected: 3, Present: 3, P50US: 262, P95US: 540, P99US: 810,
		})
	}
	return run
}

var loadgenSplit = []int64{3334, 3333, 3333}

// times returns the times of n responses; half of each is waiting time before sending.
func times(n int) loadgen.Times {
	service := Skewed(n)
	for i := range service {
		service[i] /= 2
	}
	return loadgen.Times{Latency: Histogram(Skewed(n)...), Service: Histogram(service...)}
}

// Faulty returns the same run with a lost driver, errors, crossed thresholds and named requests.
func Faulty() *fleet.Run {
	run := Healthy()
	run.Spec.Name = "checkout"
	run.Spec.Thresholds = []loadgen.Threshold{{Expr: "errors<1%"}, {Expr: "p99<250ms"}, {Expr: "dropped==0"}}
	run.Spec.Requests = []loadgen.Request{{Name: "list"}, {Name: "buy"}}
	run.Named = map[string]*loadgen.Named{
		"buy":  {Name: "buy", Requests: 2500, Errors: 130, Unexpected: 12, Times: times(2500)},
		"list": {Name: "list", Requests: 7000, Times: times(7000)},
	}
	run.Classes = map[string]*loadgen.Times{"2xx": new(times(9358)), "5xx": new(times(12))}
	run.Total = loadgen.Counts{
		Requests: 9500, Responses: 9370, Errors: map[loadgen.Class]int64{loadgen.ErrTimeout: 120, loadgen.ErrConnect: 10}, Unexpected: 12, UnexpectedBy: map[evidence.Cause]int64{evidence.Status: 12}, Dropped: 7,
		Statuses: map[string]int64{"200": 9358, "503": 12}, BytesWritten: 700_000, BytesRead: 1_400_000,
	}
	run.Exchanges = []evidence.Exchange{
		{Request: "buy", Cause: evidence.Error, Why: "timeout: no complete response within 10s", Driver: "drv-01", AtMS: 5120, LatencyUS: 10_000_000, Sent: []string{"POST /buy HTTP/1.1", "Host: 127.0.0.1:8080"}, Whole: true},
		{Request: "buy", Cause: evidence.Status, Why: "status 503", Driver: "drv-03", AtMS: 5340, LatencyUS: 8200, Status: 503, Sent: []string{"POST /buy HTTP/1.1", "Authorization: (hidden)"},
			Head: []string{"HTTP/1.1 503 Service Unavailable", "Content-Type: text/html"}, Body: []string{"<h1>no stock</h1>", "try later"}, Whole: true},
	}
	run.Slowest = []evidence.Slow{{Request: "list", Driver: "drv-01", AtMS: 5500, LatencyUS: 240_000, ServiceUS: 230_000, Status: 200}}
	lost := run.Drivers["drv-02"]
	lost.Final, lost.LostAt, lost.HeardAt, lost.LastEnd = false, Seconds(8.2), Seconds(3.2), Seconds(3)
	lost.Total, lost.Begun = loadgen.Counts{Requests: 990, Responses: 985, Errors: map[loadgen.Class]int64{loadgen.ErrTimeout: 5}}, 1001
	run.Intervals.At(4).Limited = "drv-03: CPU: 98 % of 2 cores used"
	run.Drivers["drv-03"].Reasons = []string{"CPU: 98% of 2 cores used"}
	run.Plans = append(run.Plans, node.Plan{Seq: 1, FromUS: 8_500_000, UntilUS: 10e6, Schedule: []loadgen.Stage{{To: 1000}},
		Shares: []node.NodeShare{{NodeID: "drv-01"}, {NodeID: "drv-03"}}})
	for i := 3; i < 8; i++ {
		run.Intervals.At(i).Present = 2
	}
	run.Events = append(run.Events,
		fleet.Event{At: T0.Add(Seconds(5.7)), Kind: fleet.EventLate, NodeID: "drv-02", Text: "drv-02 is late: no heartbeat for 2.5s"},
		fleet.Event{At: T0.Add(Seconds(8.2)), Kind: fleet.EventLost, NodeID: "drv-02", Text: "drv-02 was lost: no heartbeat for 5.0s"},
		fleet.Event{At: T0.Add(Seconds(8.3)), Kind: fleet.EventAdjusted, By: "ana@ops", Text: "the share of drv-02 goes to 2 others"})
	return run
}
