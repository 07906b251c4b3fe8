package evidence

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// Merging gives the same result in any order.
func TestMergeIsOrderFree(t *testing.T) {
	var all []Exchange
	for i := range 120 {
		all = append(all, Exchange{Request: fmt.Sprint(i % 5), Cause: Status, Why: fmt.Sprint(i % 2), AtMS: int64(i * 7 % 120), Driver: fmt.Sprint(i), Whole: i%3 == 0})
	}
	want := Merge(all, nil)
	if len(want) != 10*PerFailure {
		t.Fatalf("%d exchanges, want %d of each of 10 failures", len(want), PerFailure)
	}
	for _, e := range want {
		if !e.Whole {
			t.Errorf("%+v is kept although whole ones were seen", e)
		}
	}
	for range 50 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		var got []Exchange
		for part := range slices.Chunk(all, 7) {
			got = Merge(got, part)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	}
}

// With more failures than fit, each keeps one exchange, and the earliest failures are kept.
func TestMergeIsBounded(t *testing.T) {
	var got []Exchange
	for i := range 1000 {
		got = Merge(got, []Exchange{{Why: fmt.Sprint(i % 200), AtMS: int64(i)}})
	}
	if len(got) != MaxExchanges {
		t.Fatalf("%d exchanges, want %d", len(got), MaxExchanges)
	}
	seen := map[string]bool{}
	for _, e := range got {
		if seen[e.Why] || e.AtMS >= 200 {
			t.Errorf("%+v", e)
		}
		seen[e.Why] = true
	}
}

func TestSlowest(t *testing.T) {
	var got []Slow
	for i := range 500 {
		got = Slowest(got, []Slow{{LatencyUS: int64(i * 7919 % 500)}})
	}
	for i, s := range got {
		if s.LatencyUS != int64(499-i) {
			t.Errorf("%d: %+v", i, s)
		}
	}
	if len(got) != MaxSlowest {
		t.Errorf("%d are kept", len(got))
	}
}
