package gateway

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"landfall/loadgen/hdr"
	"landfall/node/fleet"
	"landfall/node/gateway/exposition"
)

// Every value is in exactly one bucket of the native histogram, the right one.
func TestNativeHistogram(t *testing.T) {
	h := hdr.New()
	values := []int64{1, 2, 100, 100, 1000, 250_000, 3_600_000_000}
	for _, us := range values {
		h.Record(us)
	}
	got := scrapedHistogram(t, h)
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
	if empty := scrapedHistogram(t, hdr.New()); empty.GetSampleCount() != 0 || len(empty.GetPositiveSpan()) == 0 {
		t.Errorf("an empty histogram is not a native one: %v", empty)
	}
}

// All documented metrics are present in the format with native histograms.
func TestMetricsAsPrometheusScrapesThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	var created Run
	s.call("POST", "/api/v1/runs", s.spec(2), &created)
	s.until(func(st *fleet.State) bool { return st.Run(created.TestID).Phase == fleet.Finished })
	resp := s.call("GET", "/metrics", "", nil, "Accept", string(expfmt.NewFormat(expfmt.TypeProtoDelim)))
	got := map[string]*dto.MetricFamily{}
	for d := expfmt.NewDecoder(resp.Body, expfmt.ResponseFormat(resp.Header)); ; {
		f := &dto.MetricFamily{}
		if err := d.Decode(f); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got[f.GetName()] = f
	}
	for name, want := range map[string]float64{
		"landfall_run_requests_total": float64(s.served.Load()), "landfall_run_dropped_total": 0, "landfall_run_errors_total": 0,
		"landfall_broker_connected": 1, "landfall_run_active": 0, "landfall_drivers": 1,
	} {
		m := got[name].GetMetric()
		if len(m) == 0 || m[0].GetCounter().GetValue()+m[0].GetGauge().GetValue() != want {
			t.Errorf("%s: %v, want %v", name, m, want)
		}
	}
	var phase string
	for _, m := range got["landfall_run_phase"].GetMetric() {
		if m.GetGauge().GetValue() == 1 {
			phase += labelOf(m, "phase")
		}
	}
	if phase != string(fleet.Finished) {
		t.Errorf("phase %q", phase)
	}
	for _, name := range []string{"landfall_run_latency_seconds", "landfall_run_schedule_lag_seconds"} {
		m := got[name].GetMetric()
		if len(m) != 1 || m[0].GetHistogram().GetSampleCount() != uint64(s.served.Load()) || len(m[0].GetHistogram().GetPositiveSpan()) == 0 {
			t.Errorf("%s is not a native histogram of %d values: %v", name, s.served.Load(), m)
		}
	}
	for _, name := range []string{"landfall_run_latency_quantiles_seconds", "landfall_run_schedule_lag_quantiles_seconds"} {
		m := got[name].GetMetric()
		if len(m) != 1 || len(m[0].GetSummary().GetQuantile()) != 4 || m[0].GetSummary().GetQuantile()[3].GetValue() <= 0 {
			t.Errorf("%s: %v", name, m)
		}
	}
	problems, err := promlint.NewWithMetricFamilies(slices.Collect(maps.Values(got))).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// scrapedHistogram returns a histogram as Prometheus's own parser reads it.
func scrapedHistogram(t *testing.T, h *hdr.Histogram) *dto.Histogram {
	t.Helper()
	var set exposition.Set
	set.Histogram(&exposition.Desc{Name: "x", Help: "x"}, native(h))
	var f dto.MetricFamily
	if err := expfmt.NewDecoder(bytes.NewReader(set.Protobuf()), expfmt.NewFormat(expfmt.TypeProtoDelim)).Decode(&f); err != nil {
		t.Fatal(err)
	}
	return f.GetMetric()[0].GetHistogram()
}

func labelOf(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}
