package gateway

import (
	"github.com/prometheus/client_golang/prometheus"

	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Condition is a threshold of a run with its newest value.
type Condition struct {
	Expr   string  `json:"expr"`
	Abort  bool    `json:"abort,omitempty" doc:"it ends the run when it does not hold"`
	Value  float64 `json:"value" doc:"microseconds, percent, a count or requests per second, as the condition has it"`
	Text   string  `json:"text" doc:"the value with its unit"`
	Passed bool    `json:"passed"`
	Judged bool    `json:"judged" doc:"false: nothing was measured yet that it is about"`
}

func viewThresholds(list []report.Threshold) (view []Condition) {
	for _, t := range list {
		view = append(view, Condition{Expr: node.Clean(t.Expr, 400), Abort: t.Abort, Value: t.Value, Text: t.Text(), Passed: t.Passed, Judged: t.Judged})
	}
	return view
}

var (
	descThreshold = prometheus.NewDesc("landfall_run_threshold_value", "Newest value of a threshold (seconds, percent, a count or requests per second)"+ofRun, []string{"test_id", "threshold"}, nil)
	descHolds     = prometheus.NewDesc("landfall_run_threshold_holds", "1 if a threshold holds now"+ofRun, []string{"test_id", "threshold"}, nil)
	descNamed     = prometheus.NewDesc("landfall_run_request_total", "Requests by the name they have in the spec"+ofRun, []string{"test_id", "request"}, nil)
	descNamedBad  = prometheus.NewDesc("landfall_run_request_failed_total", "Errors and unexpected responses by the request's name"+ofRun, []string{"test_id", "request"}, nil)
	descNamedTime = prometheus.NewDesc("landfall_run_request_latency_seconds", "Latency by the request's name, as a native histogram,"+ofRun, []string{"test_id", "request"}, nil)
	descClassTime = prometheus.NewDesc("landfall_run_status_latency_seconds", "Latency by status class, as a native histogram,"+ofRun, []string{"test_id", "status"}, nil)
)

// judged are the thresholds of a run as metrics. Each text stands once, however often the spec has it.
func (c collector) judged(v Run, gauge func(*prometheus.Desc, float64, ...string)) {
	shown := map[string]bool{}
	for _, t := range v.Thresholds {
		if !t.Judged || shown[t.Expr] {
			continue
		}
		shown[t.Expr] = true
		value, holds := t.Value, 0.0
		if report.IsTime(t.Expr) {
			value /= 1e6
		}
		if t.Passed {
			holds = 1
		}
		gauge(descThreshold, value, v.TestID, t.Expr)
		gauge(descHolds, holds, v.TestID, t.Expr)
	}
}

// parts are the series of a run by the name of a request and by status class.
func (c collector) parts(r *fleet.Run, out chan<- prometheus.Metric) {
	for name, n := range r.Named {
		out <- prometheus.MustNewConstMetric(descNamed, prometheus.CounterValue, float64(n.Requests), r.ID, name)
		out <- prometheus.MustNewConstMetric(descNamedBad, prometheus.CounterValue, float64(n.Errors+n.Unexpected), r.ID, name)
		if n.Latency != nil {
			out <- native(descNamedTime, n.Latency, r.ID, name)
		}
	}
	for class, t := range r.Classes {
		if t.Latency != nil {
			out <- native(descClassTime, t.Latency, r.ID, class)
		}
	}
}
