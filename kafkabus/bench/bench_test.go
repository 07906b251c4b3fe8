//go:build bench

package main

import (
	"fmt"
	"os"
	"testing"
	"time"
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

// TestBus prints the figures of 1,000 drivers, each beside its bar, and fails where one is missed or a record is lost. It
// takes five minutes, over which memory must not grow.
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

func TestFlatIsWhatDoesNotGrow(t *testing.T) {
	const mb = 1 << 20
	grown := func(perMinute int64) usage {
		var u usage
		for n := range 5 * int64(time.Minute/watchEvery) {
			u.resident = append(u.resident, 50*mb+n*perMinute*mb/int64(time.Minute/watchEvery)+n%3*mb)
		}
		return u
	}
	for perMinute, flat := range map[int64]bool{0: true, 1: true, 5: false} {
		f, ok := grown(perMinute).flat()
		if !ok || f.missed() == flat {
			t.Errorf("%d MiB a minute: %s, flat should be %v", perMinute, f, flat)
		}
	}
	if _, ok := (usage{resident: make([]int64, 10)}).flat(); ok {
		t.Error("50 s were enough")
	}
}
