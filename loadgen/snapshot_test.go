package loadgen

import (
	"fmt"
	"testing"

	"landfall/loadgen/hdr"
)

func timed(values ...int64) *hdr.Histogram {
	h := hdr.New()
	for _, v := range values {
		h.Record(v)
	}
	return h
}

func TestExtendAddsScenarioFigures(t *testing.T) {
	first := Snapshot{
		IterationTime: timed(10, 20), Checks: []CheckCount{{"login", "ok", 3, 1}}, Groups: []Group{{"buy", 1, timed(5)}},
		Failures: []IterationFailure{{"login", "timeout error", 2}},
	}
	next := Snapshot{
		IterationTime: timed(30), Checks: []CheckCount{{"login", "ok", 1, 0}, {"cart", "ok", 0, 7}}, Groups: []Group{{"buy", 0, timed(6, 7)}, {"leave", 0, timed(1)}},
		Failures: []IterationFailure{{"cart", "token is not in the response", 9}}, Users: 4,
	}
	s := first
	s.Extend(next)
	if s.IterationTime.Count() != 3 || s.Users != 4 {
		t.Errorf("%d iterations, %d users", s.IterationTime.Count(), s.Users)
	}
	if got := fmt.Sprint(s.Checks, s.Failures); got != "[{login ok 4 1} {cart ok 0 7}] [{cart token is not in the response 9} {login timeout error 2}]" {
		t.Error(got)
	}
	if len(s.Groups) != 2 || s.Groups[0].Failed != 1 || s.Groups[0].Time.Count() != 3 || s.Groups[1].Time.Count() != 1 {
		t.Errorf("%+v", s.Groups)
	}
	if first.Checks[0].Passed != 3 || first.Groups[0].Time.Count() != 1 || next.Groups[0].Time.Count() != 2 {
		t.Errorf("the merged snapshots were changed: %+v %+v", first, next)
	}
}

// Snapshots are read from a topic: the number of distinct items is bounded.
func TestScenarioFiguresAreBounded(t *testing.T) {
	var checks []CheckCount
	var groups []Group
	var failures []IterationFailure
	for i := range 2 * MaxChecks {
		name := fmt.Sprint(i)
		checks = AddChecks(checks, []CheckCount{{Step: name}})
		groups = AddGroups(groups, []Group{{Name: name}})
		failures = AddIterationFailures(failures, []IterationFailure{{Step: name}})
	}
	if len(checks) != MaxChecks || len(groups) != MaxGroups || len(failures) != MaxIterationFailures {
		t.Errorf("%d checks, %d groups, %d failures", len(checks), len(groups), len(failures))
	}
}
