package baseline

import (
	"math"

	"landfall/loadgen/hdr"
)

// figure is one number of a run that is compared.
type figure struct {
	name         string
	of           func(total) float64
	time, share  bool
	few          bool // may depend on few of a run's seconds, so that the noise within runs is poorly known
	lessIsBetter bool
}

// total is the sum of seconds.
type total struct {
	latency          *hdr.Histogram
	requests, failed int64
	seconds          float64
}

func (t *total) add(s Second) {
	if s.Latency != nil {
		t.latency.Merge(s.Latency)
	}
	t.requests += s.Requests
	t.failed += s.Failed
	t.seconds += s.Length
}

func quantile(q float64) func(total) float64 {
	return func(t total) float64 { return float64(t.latency.Quantile(q)) }
}

var figures = []figure{
	{name: "mean", few: true, of: func(t total) float64 { return t.latency.Mean() }, time: true, lessIsBetter: true},
	{name: "p50", of: quantile(.50), time: true, lessIsBetter: true},
	{name: "p90", of: quantile(.90), time: true, lessIsBetter: true},
	{name: "p95", few: true, of: quantile(.95), time: true, lessIsBetter: true},
	{name: "p99", few: true, of: quantile(.99), time: true, lessIsBetter: true},
	{name: "failed", of: func(t total) float64 { return float64(t.failed) / math.Max(float64(t.requests), 1) }, share: true, lessIsBetter: true},
	{name: "rate", of: func(t total) float64 { return float64(t.requests) / math.Max(t.seconds, 1e-9) }},
}

// Figures returns the names of the compared figures, in order.
func Figures() (names []string) {
	for _, f := range figures {
		names = append(names, f.name)
	}
	return names
}

func figureNamed(name string) figure {
	for _, f := range figures {
		if f.name == name {
			return f
		}
	}
	return figure{}
}

// defined reports whether a value can be compared: a relative change needs a non-zero base.
func (f figure) defined(v float64) bool { return f.share || v > 0 }

// scale converts a value to the scale on which noise is additive: times and rates vary by factors, shares by points.
func (f figure) scale(v float64) float64 {
	if f.share {
		return v
	}
	return math.Log(v)
}

func (f figure) unscale(v float64) float64 {
	if f.share {
		return v
	}
	return math.Exp(v)
}

// relative converts a difference on that scale to a change.
func (f figure) relative(difference float64) float64 {
	if f.share {
		return difference
	}
	return math.Expm1(difference)
}
