package sample

import (
	"time"

	"landfall/loadgen"
	parsed "landfall/loadgen/condition"
	"landfall/node/figures"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Condition is a threshold with the value that it is judged by.
type Condition struct {
	Expr, Value string
	Met         bool
}

// conditionsOf returns a run's thresholds at now, without those that have no measurements yet.
func conditionsOf(r *fleet.Run, now time.Time) (list []Condition) {
	if len(r.Spec.Thresholds) == 0 || r.T0.IsZero() || r.Total.Requests == 0 {
		return nil
	}
	for _, t := range report.Conditions(r, now) {
		if t.Judged {
			list = append(list, conditionOf(t))
		}
	}
	return list
}

// JudgedConditions returns the judged thresholds of a report.
func JudgedConditions(r *report.Report) (list []Condition) {
	for _, t := range r.Thresholds {
		list = append(list, conditionOf(t))
	}
	return list
}

func conditionOf(t report.Threshold) Condition {
	c, err := loadgen.ParseThreshold(t.Expr)
	value := t.Text()
	if err == nil && t.Judged {
		value = conditionValue(c, t.Value)
	}
	return Condition{t.Expr, value, t.Passed}
}

func conditionValue(c parsed.Condition, v float64) string {
	switch {
	case c.IsTime():
		return figures.ShortMicros(v)
	case c.Percent:
		return figures.Percent(v, 100)
	case c.Metric == "rate":
		return figures.ShortRate(v)
	}
	return figures.Count(int64(v))
}
