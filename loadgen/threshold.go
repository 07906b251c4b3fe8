package loadgen

import (
	"fmt"
	"slices"
	"strings"

	"landfall/loadgen/condition"
	"landfall/loadgen/field"
)

// ParseThreshold parses a condition such as "p99<250ms", "failed<1%", "rate>=950" or "p99[10s]<300ms";
// package condition documents the language. Errors are [*field.Error].
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

// checkThreshold validates a threshold, including that the stages and names in it exist in the spec.
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
		return field.Wrong("thresholds.after", t.After, "must be between 0 and 168h")
	}
	return nil
}

// checkSeries validates that the requests, scenarios and checks of a condition exist in the spec.
func (s Spec) checkSeries(expr string, c condition.Condition) error {
	l, labelled := c.Series()
	switch {
	case len(s.Scenarios) == 0 && (c.Of == condition.Iteration || c.Metric == "checks" || l.Name == "scenario"):
		return wrongThreshold(expr, "iterations, checks and scenarios need a spec with scenarios")
	case !labelled:
		return nil
	case c.Of == condition.Iteration:
		return wrongThreshold(expr, "iteration times are recorded for the whole run: remove the label")
	case l.Name == "request" || l.Name == "step":
		return unknownName(expr, l, "request", s.requestNames())
	case l.Name == "check":
		return unknownName(expr, l, "check", s.CheckNames())
	case l.Name == "scenario" && c.Of != condition.None && c.Of != condition.Latency:
		return wrongThreshold(expr, "%s times are not recorded by scenario", c.Of)
	case l.Name == "scenario" && s.StepsOf(l.Value) == nil:
		return unknownName(expr, l, "scenario with a request", s.scenarioNames())
	case c.Metric == "checks" && l.Name != "scenario":
		return wrongThreshold(expr, "checks are recorded by check, step and scenario, not by %s", l.Name)
	}
	return nil
}

// unknownName returns an error if the value of a label is not one of names.
func unknownName(expr string, l condition.Label, kind string, names []string) error {
	if slices.Contains(names, l.Value) {
		return nil
	}
	hint := ""
	if near := field.Nearest(l.Value, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	} else if len(names) > 0 {
		hint = "; the spec has " + strings.Join(names[:min(len(names), 5)], ", ")
	}
	return wrongThreshold(expr, "%s %q: the spec has no %s with this name%s", l.Name, l.Value, kind, hint)
}

func (s Spec) requestNames() (names []string) {
	for _, r := range s.Requests {
		names = append(names, r.Name)
	}
	return append(names, s.StepNames()...)
}

// scenarioNames returns the names of the scenarios that have a request.
func (s Spec) scenarioNames() (names []string) {
	for _, sc := range s.Scenarios {
		if s.StepsOf(sc.Name) != nil {
			names = append(names, sc.Name)
		}
	}
	return names
}
