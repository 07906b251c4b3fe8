// Package loadgen generates HTTP load and measures it: what to send (Spec), when (Schedule, Share), and what came of it
// (Snapshot, Histogram). It knows no bus and no screen.
package loadgen
