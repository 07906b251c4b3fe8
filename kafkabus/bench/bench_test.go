//go:build bench

package main

import (
	"os"
	"testing"
)

// TestMain lets the test binary be the child processes too.
func TestMain(m *testing.M) {
	for _, arg := range os.Args[1:] {
		if arg == "-role" {
			main()
			return
		}
	}
	os.Exit(m.Run())
}

// TestBus prints the figures of 1,000 drivers, and fails when a record is lost.
func TestBus(t *testing.T) {
	r, err := measure(plan{drivers: 1000, seconds: 20})
	if err != nil {
		t.Fatal(err)
	}
	r.print(os.Stdout)
	if r.lost != 0 {
		t.Errorf("%d records lost", r.lost)
	}
}
