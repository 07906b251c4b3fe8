package tui

import (
	"time"

	"landfall/loadgen"
	"landfall/node/fleet"
	"landfall/node/report"
)

// condition is a threshold with the value that it is judged on.
type condition struct {
	expr, value string
	met         bool
}

// conditionsOf are a run's thresholds as they stand at now.
func conditionsOf(r *fleet.Run, now time.Time) (list []condition) {
	if len(r.Spec.Thresholds) == 0 || r.T0.IsZero() || r.Total.Requests == 0 {
		return nil
	}
	values := report.Values(r, now)
	for _, t := range r.Spec.Thresholds {
		if c, err := loadgen.ParseThreshold(t.Expr); err == nil {
			value, met := c.Judge(values)
			list = append(list, condition{t.Expr, conditionValue(c, value), met})
		}
	}
	return list
}

// judgedConditions are those that a report has judged.
func judgedConditions(r *report.Report) (list []condition) {
	for _, t := range r.Thresholds {
		if c, err := loadgen.ParseThreshold(t.Expr); err == nil {
			list = append(list, condition{t.Expr, conditionValue(c, t.Value), t.Passed})
		}
	}
	return list
}

func conditionValue(c loadgen.Condition, v float64) string {
	switch {
	case c.IsLatency():
		return micro(v)
	case c.Percent:
		return percent(v, 100)
	case c.Metric == "rate":
		return perSecond(v)
	}
	return whole(int64(v))
}

// conditionWords is a condition with its value, and a sign of whether it is met.
func (st *styles) conditionWords(c condition) string {
	if c.met {
		return st.good.paint(st.glyph("✓", "+")) + " " + c.expr + " " + st.dim.paint(c.value)
	}
	return st.bad.paint(st.glyph("✖", "x") + " " + c.expr + " " + c.value)
}

// conditionsShort is all of them in a few columns: those that are not met, or how many are.
func (st *styles) conditionsShort(list []condition) string {
	for _, c := range list {
		if !c.met {
			return st.conditionWords(c)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return st.good.paint(st.glyph("✓", "+")) + st.dim.paint(" "+plural(len(list), "threshold"))
}
