// Package loadgen is the vocabulary of a load test: what to send ([Spec]), when to send it ([Schedule], [Share]), and what one
// driver measured ([Snapshot], [Counts]). It has no network, file or terminal code.
//
// # Running a spec
//
// A [Spec] is data. Fill in what matters, call [Spec.WithDefaults], and check it with [Spec.Validate]. Package
// [landfall/loadgen/engine] sends the load:
//
//	spec := loadgen.Spec{Target: "http://127.0.0.1:8080/ping", RateRPS: 200, Duration: loadgen.Duration(10 * time.Second)}.WithDefaults()
//	e, err := engine.New(spec, engine.Options{})
//	...
//	err = e.Run(ctx, time.Now(), spec.Share(), func(s loadgen.Snapshot) { ... })
//
// The rate, the number of requests and the connections come from the [Share], not from the spec: in a fleet, each driver executes
// one share, and a share without connections is paused. [Spec.Share] is the share of a single driver that executes the whole spec.
//
// # Results
//
// The engine delivers a [Snapshot] every second. Its counters and histograms are deltas, so that snapshots of any number of drivers
// can be added up; Total holds running totals. Percentiles come from merged histograms: see [landfall/loadgen/hdr].
//
// # Files
//
// Package [landfall/loadgen/specfile] reads and writes specs as YAML; [landfall/loadgen/importer] converts curl commands, HAR
// archives, vegeta targets, Postman collections and OpenAPI documents.
package loadgen
