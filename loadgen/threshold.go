package loadgen

import (
	"fmt"
	"slices"

	"landfall/loadgen/condition"
	"landfall/loadgen/field"
)

// ParseThreshold understands a condition such as "p99<250ms", "failed<1%", "rate>=950" or "p99[10s]<300ms"; package condition
// has the whole language. Its error is a [*field.Error].
func ParseThreshold(expr string) (condition.Condition, error) {
	c, err := condition.Parse(expr)
	if err != nil {
		return c, wrongThreshold(expr, "%s", err)
	}
	return c, nil
}

func wrongThreshold(expr, want string, args ...any) error {
	return field.Wrong("thresholds", expr, "%s", fmt.Sprintf(want, args...))
}

// checkThreshold refuses a condition on a part that the spec has not: it could never be judged.
func (s Spec) checkThreshold(t Threshold) error {
	c, err := ParseThreshold(t.Expr)
	if err != nil {
		return err
	}
	if n := c.Stage(); n > len(s.Stages) {
		return wrongThreshold(t.Expr, "stage %d: the spec has %d", n, len(s.Stages))
	}
	if err := s.checkSeries(t.Expr, c); err != nil {
		return err
	}
	if t.After < 0 || t.After.Std() > MaxDuration {
		return field.Wrong("thresholds.after", t.After, "must be between 0 and %s", MaxDuration)
	}
	return nil
}

// checkSeries refuses a condition on requests, scenarios or checks that the spec has not.
func (s Spec) checkSeries(expr string, c condition.Condition) error {
	l, labelled := c.Series()
	switch {
	case len(s.Scenarios) == 0 && (c.Of == condition.Iteration || c.Metric == "checks" || l.Name == "scenario"):
		return wrongThreshold(expr, "iterations, checks and scenarios are those of a spec with scenarios")
	case !labelled:
		return nil
	case c.Of == condition.Iteration:
		return wrongThreshold(expr, "iteration times are kept of the whole run: no label")
	case (l.Name == "request" || l.Name == "step") && !s.hasRequest(l.Value):
		return wrongThreshold(expr, "%s %q: the spec has no request of that name", l.Name, l.Value)
	case l.Name == "scenario" && c.Of != condition.None && c.Of != condition.Latency:
		return wrongThreshold(expr, "%s times are not kept by scenario", c.Of)
	case l.Name == "scenario" && s.StepsOf(l.Value) == nil:
		return wrongThreshold(expr, "scenario %q: the spec has none of that name with a request", l.Value)
	case c.Metric == "checks" && l.Name != "check" && l.Name != "request" && l.Name != "step" && l.Name != "scenario":
		return wrongThreshold(expr, "checks are kept by check, step and scenario, not by %s", l.Name)
	}
	return nil
}

func (s Spec) hasRequest(name string) bool {
	for _, r := range s.Requests {
		if r.Name == name {
			return true
		}
	}
	return slices.Contains(s.StepNames(), name)
}
