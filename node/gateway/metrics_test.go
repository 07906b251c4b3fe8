package gateway

import (
	"math"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"landfall/loadgen"
)

// Every value is in one bucket of the native histogram, and that one holds it.
func TestNativeHistogram(t *testing.T) {
	h := loadgen.NewHistogram()
	values := []int64{1, 2, 100, 100, 1000, 250_000, 3_600_000_000}
	for _, us := range values {
		h.Record(us)
	}
	var m dto.Metric
	if err := native(prometheus.NewDesc("x", "x", nil, nil), h).Write(&m); err != nil {
		t.Fatal(err)
	}
	got := m.GetHistogram()
	if got.GetSampleCount() != 7 || got.GetSchema() != schema || math.Abs(got.GetSampleSum()-h.Mean()*7/1e6) > 1e-6 {
		t.Errorf("%d values, schema %d, sum %v", got.GetSampleCount(), got.GetSchema(), got.GetSampleSum())
	}
	counts, at, n, d := map[int32]int64{}, int32(0), int64(0), 0
	for i, span := range got.GetPositiveSpan() {
		if at += span.GetOffset(); i == 0 {
			at = span.GetOffset()
		}
		for range span.GetLength() {
			n += got.GetPositiveDelta()[d]
			counts[at] = n
			at, d = at+1, d+1
		}
	}
	for _, us := range values {
		i := int32(math.Ceil(math.Log2(float64(us)/1e6) * (1 << schema)))
		if counts[i] == 0 && counts[i+1] == 0 { // the histogram's own error may push a value over an edge
			t.Errorf("%d µs is not in bucket %d: %v", us, i, counts)
		}
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	if all != 7 {
		t.Errorf("%d values in buckets, want 7: %v", all, counts)
	}
	if err := native(prometheus.NewDesc("x", "x", nil, nil), loadgen.NewHistogram()).Write(&dto.Metric{}); err != nil {
		t.Errorf("an empty one: %v", err)
	}
}
