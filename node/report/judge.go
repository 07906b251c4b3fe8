package report

import (
	"time"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
	"landfall/node/fleet"
)

// Values are the fleet's merged figures of a run as they stand at now (broker's clock): what thresholds are judged on.
func Values(run *fleet.Run, now time.Time) loadgen.Values {
	v := loadgen.Values{Counts: run.Total, Latency: run.Latency}
	if v.Latency == nil {
		v.Latency = hdr.New()
	}
	if !run.T0.IsZero() {
		v.Seconds = loadTime(run, runTime(run, now)).Seconds()
	}
	return v
}

// judge judges every threshold of the spec. One that cannot be read has not passed: Validate refuses such specs.
func (r *Report) judge(run *fleet.Run, now time.Time) {
	r.Thresholds = make([]Threshold, 0, len(run.Spec.Thresholds))
	values := Values(run, now)
	for _, t := range run.Spec.Thresholds {
		judged := Threshold{Expr: t.Expr}
		if condition, err := loadgen.ParseThreshold(t.Expr); err == nil {
			judged.Value, judged.Passed = condition.Judge(values)
		}
		r.Thresholds = append(r.Thresholds, judged)
	}
}
