//go:build bench

package main

import (
	"fmt"
	"os"
	"testing"
)

// TestMain also runs the child processes.
func TestMain(m *testing.M) {
	for _, arg := range os.Args[1:] {
		if arg == "-role" {
			main()
			return
		}
	}
	os.Exit(m.Run())
}

// TestBus prints the figures of 1,000 drivers with their limits, and fails if one is missed or a record is
// lost. It takes five minutes, over which memory must not grow.
func TestBus(t *testing.T) {
	r, err := measure(plan{drivers: 1000, seconds: 300})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Print(r)
	if r.lost != 0 {
		t.Errorf("%d records lost", r.lost)
	}
	for _, f := range r.figures() {
		if f.missed() {
			t.Errorf("missed: %s", f)
		}
	}
}
