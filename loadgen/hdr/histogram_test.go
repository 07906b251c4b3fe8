package hdr

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func sample(n int, seed uint64) []int64 {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]int64, n)
	for i := range v {
		v[i] = 100 + int64(r.ExpFloat64()*5000)
	}
	return v
}

func TestMergedQuantilesEqualThoseOfAllSamples(t *testing.T) {
	all := New()
	var values []int64
	for part := range uint64(9) {
		h := New()
		for _, v := range sample(5000, part) {
			h.Record(v)
			values = append(values, v)
		}
		packed, err := Unpack(h.Pack())
		if err != nil {
			t.Fatal(err)
		}
		all.Merge(packed)
	}
	slices.Sort(values)
	for _, q := range []float64{0.01, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999} {
		exact := values[int(q*float64(len(values)))]
		if got := all.Quantile(q); float64(got) < 0.99*float64(exact) || float64(got) > 1.01*float64(exact) {
			t.Errorf("p%g: %d, of all samples %d", 100*q, got, exact)
		}
	}
	if all.Count() != int64(len(values)) {
		t.Errorf("count %d, want %d", all.Count(), len(values))
	}
}

func TestRecordAllocatesNothing(t *testing.T) {
	h := New()
	if n := testing.AllocsPerRun(1000, func() { h.Record(1234) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRecord(b *testing.B) {
	h := New()
	b.ReportAllocs()
	for i := range b.N {
		h.Record(int64(i & 0xffff))
	}
}

func TestSlotsAndEdgesAgree(t *testing.T) {
	for i := range slotCount {
		low, high := edges(i)
		if slot(low) != i || slot(high) != i || float64(high-low) > 0.01*float64(max(low, 1)) {
			t.Fatalf("slot %d is %d to %d, but slot returns %d and %d for those", i, low, high, slot(low), slot(high))
		}
	}
}

// CountsAtMost counts as CountAtMost does.
func TestCountsAtMost(t *testing.T) {
	h := New()
	for us := int64(1); us < 1e9; us = us*3/2 + 1 {
		h.Record(us)
	}
	limits := []int64{-1, 0, 1, 9, 9, 100, 4095, 1_000_000, 1 << 62}
	for i, n := range h.CountsAtMost(limits) {
		if want := h.CountAtMost(limits[i]); n != want {
			t.Errorf("at most %d: %d, want %d", limits[i], n, want)
		}
	}
}
