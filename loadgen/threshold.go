package loadgen

import (
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen/condition"
	"landfall/loadgen/field"
)

// ParseThreshold parses a condition such as "p99<250ms", "failed<1%", "rate>=950" or "p99[10s]<300ms";
// package condition documents the language. Its error is a [*field.Error].
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
	case l.Name == "request" || l.Name == "step":
		return unknownName(expr, l, "request", s.requestNames())
	case l.Name == "check":
		return unknownName(expr, l, "check", s.CheckNames())
	case l.Name == "scenario" && c.Of != condition.None && c.Of != condition.Latency:
		return wrongThreshold(expr, "%s times are not kept by scenario", c.Of)
	case l.Name == "scenario" && s.StepsOf(l.Value) == nil:
		return unknownName(expr, l, "scenario with a request", s.scenarioNames())
	case c.Metric == "checks" && l.Name != "scenario":
		return wrongThreshold(expr, "checks are kept by check, step and scenario, not by %s", l.Name)
	}
	return nil
}

// unknownName refuses a label whose value is none of the names that the spec has.
func unknownName(expr string, l condition.Label, kind string, names []string) error {
	if slices.Contains(names, l.Value) {
		return nil
	}
	hint := ""
	if near := field.Nearest(l.Value, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	} else if len(names) > 0 {
		hint = "; it has " + strings.Join(names[:min(len(names), 5)], ", ")
	}
	return wrongThreshold(expr, "%s %q: the spec has no %s of that name%s", l.Name, l.Value, kind, hint)
}

func (s Spec) requestNames() (names []string) {
	for _, r := range s.Requests {
		names = append(names, r.Name)
	}
	return append(names, s.StepNames()...)
}

// scenarioNames are those of scenarios that have a request.
func (s Spec) scenarioNames() (names []string) {
	for _, sc := range s.Scenarios {
		if s.StepsOf(sc.Name) != nil {
			names = append(names, sc.Name)
		}
	}
	return names
}
