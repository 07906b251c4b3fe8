package fleet

import (
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

func TestUsersAreMerged(t *testing.T) {
	h := hdr.New()
	h.Record(1000)
	var u Users
	for range 2 {
		u.measure(&loadgen.Snapshot{
			IterationTime: h, Checks: []loadgen.CheckCount{{Step: "a", Check: "ok", Passed: 3, Failed: 1}, {Step: "b", Check: "ok", Passed: 1}},
			Failures: []loadgen.IterationFailure{{Step: "a", Reason: "x", Count: 1}, {Step: "b", Reason: "y", Count: 2}},
		}, true)
	}
	u.measure(&loadgen.Snapshot{}, true)
	if u.Iteration.Count() != 2 || h.Count() != 1 {
		t.Errorf("%d iterations", u.Iteration.Count())
	}
	if len(u.Checks) != 2 || u.Checks[0] != (loadgen.CheckCount{Step: "a", Check: "ok", Passed: 6, Failed: 2}) {
		t.Errorf("%+v", u.Checks)
	}
	if len(u.Failures) != 2 || u.Failures[0] != (loadgen.IterationFailure{Step: "b", Reason: "y", Count: 4}) {
		t.Errorf("%+v", u.Failures)
	}
	for i := range 1000 {
		u.measure(&loadgen.Snapshot{Checks: []loadgen.CheckCount{{Step: string(rune('a' + i))}}, Failures: []loadgen.IterationFailure{{Step: string(rune('a' + i))}}}, true)
	}
	if len(u.Checks) != loadgen.MaxChecks || len(u.Failures) != loadgen.MaxIterationFailures {
		t.Errorf("%d checks, %d failures", len(u.Checks), len(u.Failures))
	}
}
