package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/engine"
	"landfall/loadgen/hdr"
)

// A second at a rate of 200 requests a second, from this process alone.
func Example() {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "ok")
	}))
	defer target.Close()

	spec := loadgen.Spec{Target: target.URL, RateRPS: 200, Duration: loadgen.Duration(time.Second), Connections: 8}.WithDefaults()
	engine, err := engine.New(spec, engine.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	share := loadgen.Share{ // of one driver that carries the whole spec
		Connections: spec.Connections, Until: spec.Duration, Of: 1,
		Schedule: []loadgen.Stage{{From: &spec.RateRPS, To: spec.RateRPS}},
	}
	latency := hdr.New()
	var last loadgen.Snapshot
	start := time.Now().Add(100 * time.Millisecond) // T0: connections are opened before
	err = engine.Run(context.Background(), start, share, func(s loadgen.Snapshot) {
		latency.Merge(s.Latency)
		last = s
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(last.Total.Responses, "responses,", last.Total.Statuses["200"], "with status 200,", last.Total.Errors[loadgen.ErrTimeout], "timeouts")
	fmt.Println(latency.Count(), "latencies; p99 below the timeout:", latency.Quantile(0.99) < spec.Timeout.Std().Microseconds())
	// Output:
	// 200 responses, 200 with status 200, 0 timeouts
	// 200 latencies; p99 below the timeout: true
}
