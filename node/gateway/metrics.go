package gateway

import (
	"math"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// ofRun ends the help of what is about one run.
const ofRun = " of the run that goes on or, if none does, did last."

var (
	descDrivers   = prometheus.NewDesc("landfall_drivers", "Drivers of the fleet.", []string{"liveness"}, nil)
	descConnected = prometheus.NewDesc("landfall_broker_connected", "1 if the broker can be read.", nil, nil)
	descActive    = prometheus.NewDesc("landfall_run_active", "1 while a run goes on.", nil, nil)
	descPhase     = prometheus.NewDesc("landfall_run_phase", "1 for the phase"+ofRun, []string{"test_id", "phase"}, nil)
	descRequests  = prometheus.NewDesc("landfall_run_requests_total", "Requests"+ofRun, []string{"test_id"}, nil)
	descErrors    = prometheus.NewDesc("landfall_run_errors_total", "Requests without a response"+ofRun, []string{"test_id", "class"}, nil)
	descUnexp     = prometheus.NewDesc("landfall_run_unexpected_total", "Responses that fail the spec's expectations"+ofRun, []string{"test_id"}, nil)
	descFailed    = prometheus.NewDesc("landfall_run_failed_total", "Errors and unexpected responses"+ofRun, []string{"test_id"}, nil)
	descDropped   = prometheus.NewDesc("landfall_run_dropped_total", "Requests that were due and never sent,"+ofRun, []string{"test_id"}, nil)
	descRate      = prometheus.NewDesc("landfall_run_rate_rps", "Requests per second in the newest whole interval"+ofRun, []string{"test_id"}, nil)
	descCoverage  = prometheus.NewDesc("landfall_run_coverage_ratio", "Share of the drivers in the newest whole interval"+ofRun, []string{"test_id"}, nil)
	descLatency   = prometheus.NewDesc("landfall_run_latency_seconds", "Latency, as a native histogram,"+ofRun, []string{"test_id"}, nil)
	descLatencyAt = prometheus.NewDesc("landfall_run_latency_quantiles_seconds", "Latency, for scrapers without native histograms,"+ofRun, []string{"test_id"}, nil)
	descLag       = prometheus.NewDesc("landfall_run_schedule_lag_seconds", "How late requests were sent, as a native histogram,"+ofRun, []string{"test_id"}, nil)
	descLagAt     = prometheus.NewDesc("landfall_run_schedule_lag_quantiles_seconds", "How late requests were sent, for scrapers without native histograms,"+ofRun, []string{"test_id"}, nil)
)

// collector reads the fleet's state when it is scraped; it keeps no figures of its own.
type collector struct{ g *Gateway }

func (g *Gateway) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collector{g})
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descDrivers, descConnected, descActive, descPhase, descRequests, descErrors, descUnexp, descFailed, descDropped, descRate, descCoverage, descLatency, descLatencyAt, descLag, descLagAt,
		descThreshold, descHolds, descNamed, descNamedBad, descNamedTime, descClassTime} {
		out <- d
	}
}

func (c collector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	up := 0.0
	if c.g.o.Connected() == nil {
		up = 1
	}
	gauge(descConnected, up)
	c.g.o.View(func(s *fleet.State) {
		n := map[fleet.Liveness]float64{}
		for _, d := range s.Drivers() {
			n[d.Liveness]++
		}
		for _, l := range []fleet.Liveness{fleet.Alive, fleet.Late, fleet.Lost, fleet.Left} {
			gauge(descDrivers, n[l], string(l))
		}
		active := 0.0
		if s.Active() != nil {
			active = 1
		}
		gauge(descActive, active)
		if r := s.Front(); r != nil {
			c.run(r, gauge, out)
		}
	})
}

func (c collector) run(r *fleet.Run, gauge func(*prometheus.Desc, float64, ...string), out chan<- prometheus.Metric) {
	v := c.g.viewRun(r)
	count := func(d *prometheus.Desc, n int64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	for _, phase := range []fleet.Phase{fleet.Configured, fleet.Started, fleet.Draining, fleet.Finished, fleet.Refused} {
		is := 0.0
		if r.Phase == phase {
			is = 1
		}
		gauge(descPhase, is, r.ID, string(phase))
	}
	count(descRequests, v.Requests, r.ID)
	count(descUnexp, v.Unexpected, r.ID)
	count(descFailed, v.Failed, r.ID)
	count(descDropped, v.Dropped, r.ID)
	gauge(descRate, v.RateRPS, r.ID)
	gauge(descCoverage, v.Coverage, r.ID)
	for _, class := range loadgen.Classes { // those with 0 too, so that a first error is a step and not a new line
		count(descErrors, r.Total.Errors[class], r.ID, string(class))
	}
	c.judged(v, gauge)
	c.parts(r, out)
	out <- native(descLatency, r.Latency, r.ID)
	out <- summary(descLatencyAt, r.Latency, r.ID)
	out <- native(descLag, r.Lag, r.ID)
	out <- summary(descLagAt, r.Lag, r.ID)
}

// summary is a histogram of microseconds as quantiles in seconds.
func summary(desc *prometheus.Desc, h *hdr.Histogram, labels ...string) prometheus.Metric {
	quantiles := map[float64]float64{}
	for _, q := range []float64{0.5, 0.9, 0.99, 0.999} {
		quantiles[q] = float64(h.Quantile(q)) / 1e6
	}
	return prometheus.MustNewConstSummary(desc, uint64(h.Count()), h.Mean()*float64(h.Count())/1e6, quantiles, labels...)
}

// schema is that of native histograms: eight buckets to a doubling, so that a quantile is off by 9 % at most.
// (https://prometheus.io/docs/specs/native_histograms/)
const schema = 3

// native is a histogram of microseconds as a native histogram of seconds. A scraper that takes only text gets count and sum.
func native(desc *prometheus.Desc, h *hdr.Histogram, labels ...string) prometheus.Metric {
	buckets := map[int]int64{}
	below := int64(0)
	for i := -160; below < h.Count(); i++ { // bucket i ends at 2^(i/8) s; a µs is in -159
		n := h.CountAtMost(int64(math.Pow(2, float64(i)/(1<<schema)) * 1e6))
		if n > below {
			buckets[i] = n - below
		}
		below = n
	}
	return prometheus.MustNewConstNativeHistogram(desc, uint64(h.Count()), h.Mean()*float64(h.Count())/1e6, buckets, nil, 0, schema,
		prometheus.DefNativeHistogramZeroThreshold, time.Time{}, labels...)
}
