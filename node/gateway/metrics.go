package gateway

import (
	"math"
	"net/http"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
	"landfall/node/gateway/exposition"
)

// ofRun ends the help texts of metrics of one run.
const ofRun = " of the run in progress, or of the latest one."

var (
	descDrivers   = &exposition.Desc{Name: "landfall_drivers", Help: "Drivers of the fleet.", Labels: []string{"liveness"}}
	descConnected = &exposition.Desc{Name: "landfall_broker_connected", Help: "1 if the broker can be read."}
	descActive    = &exposition.Desc{Name: "landfall_run_active", Help: "1 while a run is in progress."}
	descPhase     = &exposition.Desc{Name: "landfall_run_phase", Help: "1 for the phase" + ofRun, Labels: []string{"test_id", "phase"}}
	descRequests  = &exposition.Desc{Name: "landfall_run_requests_total", Help: "Requests" + ofRun, Labels: []string{"test_id"}}
	descErrors    = &exposition.Desc{Name: "landfall_run_errors_total", Help: "Requests without a response" + ofRun, Labels: []string{"test_id", "class"}}
	descUnexp     = &exposition.Desc{Name: "landfall_run_unexpected_total", Help: "Responses that fail the spec's expectations" + ofRun, Labels: []string{"test_id"}}
	descFailed    = &exposition.Desc{Name: "landfall_run_failed_total", Help: "Errors and unexpected responses" + ofRun, Labels: []string{"test_id"}}
	descDropped   = &exposition.Desc{Name: "landfall_run_dropped_total", Help: "Requests that were due and never sent," + ofRun, Labels: []string{"test_id"}}
	descRate      = &exposition.Desc{Name: "landfall_run_rate_rps", Help: "Requests per second in the newest whole interval" + ofRun, Labels: []string{"test_id"}}
	descCoverage  = &exposition.Desc{Name: "landfall_run_coverage_ratio", Help: "Share of the drivers in the newest whole interval" + ofRun, Labels: []string{"test_id"}}
	descLatency   = &exposition.Desc{Name: "landfall_run_latency_seconds", Help: "Latency, as a native histogram," + ofRun, Labels: []string{"test_id"}}
	descLatencyAt = &exposition.Desc{Name: "landfall_run_latency_quantiles_seconds", Help: "Latency, for scrapers without native histograms," + ofRun, Labels: []string{"test_id"}}
	descLag       = &exposition.Desc{Name: "landfall_run_schedule_lag_seconds", Help: "How late requests were sent, as a native histogram," + ofRun, Labels: []string{"test_id"}}
	descLagAt     = &exposition.Desc{Name: "landfall_run_schedule_lag_quantiles_seconds", Help: "How late requests were sent, for scrapers without native histograms," + ofRun, Labels: []string{"test_id"}}
)

// metrics answers scrapes with the fleet's current state; it keeps no figures of its own.
func (g *Gateway) metrics() http.Handler { return exposition.Handler(g.collect) }

func (g *Gateway) collect(out *exposition.Set) {
	up := 0.0
	if g.o.Connected() == nil {
		up = 1
	}
	out.Gauge(descConnected, up)
	g.o.View(func(s *fleet.State) {
		n := map[fleet.Liveness]float64{}
		for _, d := range s.Drivers() {
			n[d.Liveness]++
		}
		for _, l := range []fleet.Liveness{fleet.Alive, fleet.Late, fleet.Lost, fleet.Left, fleet.Killed} {
			out.Gauge(descDrivers, n[l], string(l))
		}
		active := 0.0
		if s.Active() != nil {
			active = 1
		}
		out.Gauge(descActive, active)
		if r := s.Front(); r != nil {
			g.collectRun(r, out)
		}
	})
}

func (g *Gateway) collectRun(r *fleet.Run, out *exposition.Set) {
	v := g.viewRun(r)
	count := func(d *exposition.Desc, n int64, labels ...string) { out.Counter(d, float64(n), labels...) }
	for _, phase := range []fleet.Phase{fleet.Configured, fleet.Started, fleet.Draining, fleet.Finished, fleet.Refused} {
		is := 0.0
		if r.Phase == phase {
			is = 1
		}
		out.Gauge(descPhase, is, r.ID, string(phase))
	}
	count(descRequests, v.Requests, r.ID)
	count(descUnexp, v.Unexpected, r.ID)
	count(descFailed, v.Failed, r.ID)
	count(descDropped, v.Dropped, r.ID)
	out.Gauge(descRate, v.RateRPS, r.ID)
	out.Gauge(descCoverage, v.Coverage, r.ID)
	for _, class := range loadgen.Classes { // including those with 0, so that the first error does not start a new series
		count(descErrors, r.Total.Errors[class], r.ID, string(class))
	}
	judged(v, out)
	parts(r, out)
	users(r, out)
	out.Histogram(descLatency, native(r.Latency), r.ID)
	summary(out, descLatencyAt, r.Latency, r.ID)
	out.Histogram(descLag, native(r.Lag), r.ID)
	summary(out, descLagAt, r.Lag, r.ID)
}

// summary adds a histogram of microseconds as quantiles in seconds.
func summary(out *exposition.Set, d *exposition.Desc, h *hdr.Histogram, labels ...string) {
	var quantiles []exposition.Quantile
	for _, q := range []float64{0.5, 0.9, 0.99, 0.999} {
		quantiles = append(quantiles, exposition.Quantile{Quantile: q, Value: float64(h.Quantile(q)) / 1e6})
	}
	out.Summary(d, uint64(h.Count()), seconds(h), quantiles, labels...)
}

// seconds returns the sum of a histogram of microseconds, in seconds.
func seconds(h *hdr.Histogram) float64 { return h.Mean() * float64(h.Count()) / 1e6 }

// schema is the resolution of native histograms: eight buckets per power of two, so that a quantile is off by 9 % at most.
const schema = 3

// native converts a histogram of microseconds to a native histogram of seconds.
func native(h *hdr.Histogram) exposition.Native {
	buckets := map[int]int64{}
	below := int64(0)
	for i := -160; below < h.Count(); i++ { // bucket i ends at 2^(i/8) s; a µs is in -159
		n := h.CountAtMost(int64(math.Pow(2, float64(i)/(1<<schema)) * 1e6))
		if n > below {
			buckets[i] = n - below
		}
		below = n
	}
	return exposition.Native{Schema: schema, Count: uint64(h.Count()), Sum: seconds(h), Buckets: buckets}
}
