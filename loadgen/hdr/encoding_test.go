package hdr

import (
	"bytes"
	"encoding/json"
	"runtime"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

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

// The encoding agrees with the library of the authors of the format.
func TestEncodingAgreesWithHdrHistogram(t *testing.T) {
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

// Packing must only take a small part of the 25 MB that a driver may use.
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
