package main

import (
	"testing"
	"time"
)

func TestFlat(t *testing.T) {
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
