package gateway

import (
	"landfall/node"
	"landfall/node/fleet"
	"landfall/node/gateway/exposition"
	"landfall/node/report"
)

// Condition is a threshold of a run with its current value.
type Condition struct {
	Expr   string  `json:"expr"`
	Abort  bool    `json:"abort,omitempty" doc:"it ends the run when it does not hold"`
	Value  float64 `json:"value" doc:"microseconds, percent, a count or requests per second, as the condition has it"`
	Text   string  `json:"text" doc:"the value with its unit"`
	Passed bool    `json:"passed"`
	Judged bool    `json:"judged" doc:"false: nothing that it judges was measured yet"`
}

func viewThresholds(list []report.Threshold) (view []Condition) {
	for _, t := range list {
		view = append(view, Condition{Expr: node.Clean(t.Expr, 400), Abort: t.Abort, Value: t.Value, Text: t.Text(), Passed: t.Passed, Judged: t.Judged})
	}
	return view
}

var (
	descThreshold = &exposition.Desc{Name: "landfall_run_threshold_value", Help: "Newest value of a threshold (seconds, percent, a count or requests per second)" + ofRun, Labels: []string{"test_id", "threshold"}}
	descHolds     = &exposition.Desc{Name: "landfall_run_threshold_holds", Help: "1 if a threshold holds now" + ofRun, Labels: []string{"test_id", "threshold"}}
	descNamed     = &exposition.Desc{Name: "landfall_run_request_total", Help: "Requests by the name they have in the spec" + ofRun, Labels: []string{"test_id", "request"}}
	descNamedBad  = &exposition.Desc{Name: "landfall_run_request_failed_total", Help: "Errors and unexpected responses by the request's name" + ofRun, Labels: []string{"test_id", "request"}}
	descNamedTime = &exposition.Desc{Name: "landfall_run_request_latency_seconds", Help: "Latency by the request's name, as a native histogram," + ofRun, Labels: []string{"test_id", "request"}}
	descClassTime = &exposition.Desc{Name: "landfall_run_status_latency_seconds", Help: "Latency by status class, as a native histogram," + ofRun, Labels: []string{"test_id", "status"}}
)

// judged writes the thresholds of a run as metrics: each expression once, even if the spec repeats it.
func judged(v Run, out *exposition.Set) {
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
		out.Gauge(descThreshold, value, v.TestID, t.Expr)
		out.Gauge(descHolds, holds, v.TestID, t.Expr)
	}
}

// parts writes the series of a run by request name and by status class.
func parts(r *fleet.Run, out *exposition.Set) {
	for name, n := range r.Named {
		out.Counter(descNamed, float64(n.Requests), r.ID, name)
		out.Counter(descNamedBad, float64(n.Errors+n.Unexpected), r.ID, name)
		if n.Latency != nil {
			out.Histogram(descNamedTime, native(n.Latency), r.ID, name)
		}
	}
	for class, t := range r.Classes {
		if t.Latency != nil {
			out.Histogram(descClassTime, native(t.Latency), r.ID, class)
		}
	}
}
