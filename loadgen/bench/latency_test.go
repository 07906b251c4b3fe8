//go:build unix

package main

import (
	"testing"
)

func TestExactPercentilesOfAStall(t *testing.T) {
	// 100 requests per second for 10 s with a stall of 1 s: a tenth of them take up to 1 s.
	p95, p99 := stalled(100, 10)
	if p95 != 500_000 || p99 != 900_000 {
		t.Errorf("p95 %v µs, p99 %v µs", p95, p99)
	}
}
