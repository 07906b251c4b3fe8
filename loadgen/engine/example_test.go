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

// Run a spec in this process, and print percentiles: one second at 200 requests/s.
func Example() {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "ok")
	}))
	defer target.Close()

	spec := loadgen.Spec{Target: target.URL, RateRPS: 200, Duration: loadgen.Duration(time.Second), Connections: 8}.WithDefaults()
	e, err := engine.New(spec, engine.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	latency := hdr.New()
	var last loadgen.Snapshot
	start := time.Now().Add(100 * time.Millisecond) // leaves time to open the connections
	err = e.Run(context.Background(), start, spec.Share(), func(s loadgen.Snapshot) {
		latency.Merge(s.Latency)
		last = s
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(last.Total.Responses, "responses,", last.Total.Statuses["200"], "with status 200,", last.Total.Errors[loadgen.ErrTimeout], "timeouts")
	for _, q := range []float64{0.5, 0.95, 0.99} {
		fmt.Printf("p%.0f below the timeout: %v\n", 100*q, latency.Quantile(q) < spec.Timeout.Std().Microseconds())
	}
	// Output:
	// 200 responses, 200 with status 200, 0 timeouts
	// p50 below the timeout: true
	// p95 below the timeout: true
	// p99 below the timeout: true
}
