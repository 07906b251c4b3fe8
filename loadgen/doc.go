// Package loadgen is the vocabulary of a load test: what to send ([Spec]), when ([Schedule], [Share]) and what one driver
// measured ([Snapshot], [Counts]). It knows no network, no file format and no screen: loadgen/specfile reads specs,
// loadgen/script compiles them, loadgen/engine sends the load.
package loadgen
