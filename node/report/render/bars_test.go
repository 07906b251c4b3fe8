package render

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"

	"landfall/loadgen/hdr"
)

// Whatever was measured, the bars hold every value once, side by side, on few lines, whose edges are round except the maximum.
func TestBarsHoldEveryValue(t *testing.T) {
	if list := bars(nil); list != nil {
		t.Errorf("of nothing: %v", list)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		h := hdr.New()
		low, spread := 1+random.Int64N(1e6), 1+random.Int64N(1<<uint(1+random.IntN(30)))
		for range 1 + random.IntN(300) {
			h.Record(low + random.Int64N(spread))
		}
		list := bars(h)
		var n int64
		for i, b := range list {
			if n += b.n; b.n < 0 || b.from >= b.to || i > 0 && b.from != list[i-1].to {
				t.Fatalf("bar %d of %v", i, list)
			}
		}
		if n != int64(h.Count()) || len(list) > maxBars || list[0].from >= h.Min() && h.Min() > 1 || list[len(list)-1].to < h.Quantile(.99) {
			t.Fatalf("%d of %d values from %d to %d in %v", n, h.Count(), h.Min(), h.Max(), list)
		}
	}
}

// The slowest 1 % share a line.
func TestStragglersShareABar(t *testing.T) {
	h := hdr.New()
	for us := range int64(1000) {
		h.Record(1000 + us)
	}
	for range 5 {
		h.Record(60_000_000)
	}
	list := bars(h)
	last := list[len(list)-1]
	if last.to != h.Max() || last.from > 2000 || last.n != 5 || len(list) < 5 {
		t.Errorf("%v", list)
	}
}

func TestEdges(t *testing.T) {
	if got := edgesOf(30, 400, []float64{1, 2, 5}); !slices.Equal(got, []int64{20, 50, 100, 200, 500}) {
		t.Error(got)
	}
	if got := edgesOf(1, 1, []float64{1}); !slices.Equal(got, []int64{1, 10}) {
		t.Error(got)
	}
}

func TestBlock(t *testing.T) {
	for _, c := range []struct {
		n, most int64
		want    string
	}{{0, 10, ""}, {-1, 10, ""}, {1, 0, ""}, {10, 10, "████"}, {5, 10, "██"}, {1, 1000, "▏"}, {9, 32, "█▏"}, {15, 32, "█▉"}} {
		if got := block(c.n, c.most, 4); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.n, c.most, got, c.want)
		}
	}
	for n := range int64(1000) {
		if w := utf8.RuneCountInString(block(n, 999, 20)); w > 20 {
			t.Fatalf("%d of 999 takes %d columns", n, w)
		}
	}
}
