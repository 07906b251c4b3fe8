package report

import (
	"math"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/figures"
	"landfall/node/fleet"
)

// judge judges every threshold of the spec over the measured part of the run. An invalid threshold does not
// pass; Validate rejects such specs.
func (r *Report) judge(run *fleet.Run, now time.Time) {
	r.Thresholds = make([]Threshold, 0, len(run.Spec.Thresholds))
	for _, t := range run.Spec.Thresholds {
		judged := Threshold{Expr: t.Expr, Abort: t.Abort}
		if c, err := loadgen.ParseThreshold(t.Expr); err == nil {
			judged.take(final(run, now, t, c))
		}
		r.Thresholds = append(r.Thresholds, judged)
	}
}

// take copies a result. A threshold that could not be judged does not pass, except over windows in which nothing happened.
func (t *Threshold) take(r condition.Result) {
	t.Value, t.Passed, t.Judged = r.Value, r.Passed, r.Judged
	t.FromMS, t.ToMS = int64(r.From)*1000, int64(r.To)*1000
}

// final returns the result of a threshold at the end of a run. A threshold that aborted the run is shown as it stood then.
func final(run *fleet.Run, now time.Time, t loadgen.Threshold, c condition.Condition) condition.Result {
	from, to := run.Warmup(), WholeSeconds(run, now)
	switch {
	case t.Abort && run.Aborted && strings.Contains(run.StopWhy, t.Expr):
		return abortState(run, now, t, c)
	case c.Window > 0 || c.Stage() > 0:
		return c.Over(run.Series(), from, to)
	}
	return overall(run, now, c)
}

// Conditions returns the thresholds of a run with their current values (now: broker's clock): over their windows, over the last
// ten seconds for abort conditions without a window, and over the whole measured part for the others.
func Conditions(run *fleet.Run, now time.Time) []Threshold {
	list := make([]Threshold, 0, len(run.Spec.Thresholds))
	for _, t := range run.Spec.Thresholds {
		state := Threshold{Expr: t.Expr, Abort: t.Abort}
		if c, err := loadgen.ParseThreshold(t.Expr); err == nil && !run.T0.IsZero() {
			state.take(live(run, now, t, c))
		}
		list = append(list, state)
	}
	return list
}

func live(run *fleet.Run, now time.Time, t loadgen.Threshold, c condition.Condition) condition.Result {
	switch {
	case t.Abort:
		return abortState(run, now, t, c)
	case c.Window > 0:
		return c.Now(run.Series(), run.Warmup(), run.Complete())
	case c.Stage() > 0:
		return c.Over(run.Series(), run.Warmup(), run.Complete())
	}
	return overall(run, now, c)
}

// abortState returns the result of an abort condition over its window or the last ten seconds, but not before the end of the
// warm-up and of --abort-after. Times that are kept for the whole run only are judged over the whole run.
func abortState(run *fleet.Run, now time.Time, t loadgen.Threshold, c condition.Condition) condition.Result {
	from := max(run.Warmup(), int(t.After.Std()/time.Second))
	if c.Of == condition.Service || c.Of == condition.Lag || c.Of == condition.Iteration {
		if run.Complete() <= from {
			return condition.Result{}
		}
		return overall(run, now, c)
	}
	return c.Now(run.Series(), from, run.Complete())
}

// Crossed describes the first abort condition that does not hold now; "": all hold.
func Crossed(run *fleet.Run, now time.Time) string {
	if now.Sub(run.T0) < 0 || run.Total.Requests+run.Total.Dropped == 0 {
		return ""
	}
	for _, t := range Conditions(run, now) {
		if t.Abort && t.Judged && !t.Passed {
			return "threshold " + t.Expr + " was crossed: " + ValueText(t)
		}
	}
	return ""
}

// overall judges a condition without a window over all that was measured after the warm-up.
func overall(run *fleet.Run, now time.Time, c condition.Condition) condition.Result {
	label, labelled := c.Series()
	f := whole(run, now)
	if labelled {
		part, ok := partOf(run, label)
		if !ok {
			return condition.Result{}
		}
		part.Seconds = f.Seconds
		f = part
	}
	result := c.Judge(f)
	result.From, result.To = run.Warmup(), WholeSeconds(run, now)
	return result
}

// whole returns the figures of a run without its warm-up.
func whole(run *fleet.Run, now time.Time) condition.Figures {
	n := run.Total
	f := condition.Figures{
		Requests: n.Requests - run.Before.Requests, Responses: n.Responses - run.Before.Responses,
		Unexpected: n.Unexpected - run.Before.Unexpected, Dropped: n.Dropped - run.Before.Dropped, Coverage: 1,
	}
	if !run.T0.IsZero() {
		f.Seconds = max((loadTime(run, runTime(run, now)) - run.Spec.Warmup.Std()).Seconds(), 0)
	}
	if c := coverage(run); run.Intervals.Len() > 0 {
		f.Coverage = min(c.Drivers, c.Requests)
	}
	for _, c := range run.Drivers {
		f.Unknown += Unknown(run, c)
	}
	if run.Latency != nil {
		f.Latency = run.Latency
	}
	if run.Service != nil {
		f.Service = run.Service
	}
	if run.Lag != nil {
		f.Lag = run.Lag
	}
	if run.Users.Iteration != nil {
		f.Iteration = run.Users.Iteration
	}
	f.Checks, f.FailedChecks = run.Checks()
	return f
}

// partOf returns the figures of a part of the load after the warm-up.
func partOf(run *fleet.Run, label condition.Label) (condition.Figures, bool) {
	f, ok := run.Series().Between(label, run.Warmup(), run.Intervals.Len())
	switch label.Name {
	case "request", "step":
		if n := run.Named[label.Value]; n != nil && n.Service != nil {
			f.Service = n.Service
		}
	case "status":
		if t := run.Classes[label.Value]; t != nil && t.Service != nil {
			f.Service = t.Service
		}
	}
	return f, ok
}

// Text returns the judged value of the threshold with its unit.
func (t Threshold) Text() string { return ValueText(t) }

// IsTime reports whether the value of a threshold is in microseconds.
func IsTime(expr string) bool {
	c, err := loadgen.ParseThreshold(expr)
	return err == nil && c.IsTime()
}

// ValueText formats the judged value of a threshold, with the window if there is one.
func ValueText(t Threshold) string {
	c, err := loadgen.ParseThreshold(t.Expr)
	switch {
	case err != nil:
		return "not understood"
	case !t.Judged && !t.Passed && t.Value == 0:
		return "nothing was measured"
	case c.IsTime() && t.Value == 0:
		return "no response"
	}
	text := Judged(c, t.Value)
	if c.Window > 0 {
		text += " from " + figures.Clock(t.FromMS) + " to " + figures.Clock(t.ToMS)
	}
	return text
}

// Judged formats the value that a condition was judged by, in the unit of its metric.
func Judged(c condition.Condition, value float64) string {
	switch {
	case c.IsTime():
		return figures.Micros(int64(math.Round(value)))
	case c.Percent:
		return figures.Percent(value, 100)
	case c.Metric == "rate":
		return figures.Rate(value)
	}
	return figures.Count(int64(value))
}
