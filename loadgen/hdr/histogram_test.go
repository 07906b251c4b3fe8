package hdr

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func sample(n int, seed uint64) []int64 {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]int64, n)
	for i := range v {
		v[i] = 100 + int64(r.ExpFloat64()*5000)
	}
	return v
}

func TestMergedQuantilesAreThoseOfAllSamples(t *testing.T) {
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

func TestHistogramJSON(t *testing.T) {
	h := New()
	for _, v := range []int64{-5, 0, 1, 1000, 1 << 60} {
		h.Record(v)
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	var got Histogram
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	again, _ := json.Marshal(&got)
	if string(again) != string(text) || got.Count() != 5 {
		t.Errorf("%d values; was %s, is %s", got.Count(), text, again)
	}
}

func TestRecordAllocatesNothing(t *testing.T) {
	h := New()
	if n := testing.AllocsPerRun(1000, func() { h.Record(1234) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzUnpack(f *testing.F) {
	h := New()
	f.Add(h.Pack())
	h.Record(77)
	f.Add(h.Pack())
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Unpack(data)
		if err != nil {
			return
		}
		if again, err := Unpack(h.Pack()); err != nil || again.Count() != h.Count() {
			t.Errorf("unpacked and packed anew: %v", err)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	h := New()
	b.ReportAllocs()
	for i := range b.N {
		h.Record(int64(i & 0xffff))
	}
}

// The library of the format's authors is the oracle.
func TestEncodingIsHdrHistograms(t *testing.T) {
	for seed := range uint64(20) {
		ours, theirs := New(), hdrhistogram.New(lowest, highest, significant)
		for _, v := range sample(int(seed*seed*20), seed) {
			ours.Record(v * int64(seed+1))
			theirs.RecordValue(v * int64(seed+1))
		}
		read, err := hdrhistogram.Decode(ours.Pack())
		if err != nil || !read.Equals(theirs) {
			t.Fatalf("hdrhistogram-go cannot decode ours: %v", err)
		}
		text, err := theirs.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Unpack(text)
		if err != nil || back.Count() != ours.Count() || !bytes.Equal(back.Pack(), ours.Pack()) {
			t.Fatalf("cannot decode hdrhistogram-go's: %v", err)
		}
	}
}

// A driver has 25 MB for everything: what packs its histograms must not take a large part of that.
func TestPackingTakesLittleMemory(t *testing.T) {
	deflater.w = nil
	h := New()
	h.Record(1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h.Pack()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 400<<10 {
		t.Errorf("%d bytes allocated", n)
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
