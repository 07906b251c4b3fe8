package fleet

import (
	"cmp"
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// Users are the figures of a run's scenarios.
type Users struct {
	Iteration *hdr.Histogram // how long iterations took that finished, in microseconds; nil: none did
	Checks    []loadgen.CheckCount
	Failures  []loadgen.IterationFailure // the most frequent first
}

// Bounds of what is remembered.
const (
	maxChecks   = 512
	maxFailures = 64
)

// measure adds what a snapshot tells of users.
func (u *Users) measure(snap *loadgen.Snapshot) {
	u.Iteration = hdr.Merged(u.Iteration, snap.IterationTime)
	for _, c := range snap.Checks {
		i := slices.IndexFunc(u.Checks, func(have loadgen.CheckCount) bool { return have.Step == c.Step && have.Check == c.Check })
		switch {
		case i >= 0:
			u.Checks[i].Passed += c.Passed
			u.Checks[i].Failed += c.Failed
		case len(u.Checks) < maxChecks:
			u.Checks = append(u.Checks, c)
		}
	}
	for _, f := range snap.Failures {
		i := slices.IndexFunc(u.Failures, func(have loadgen.IterationFailure) bool { return have.Step == f.Step && have.Reason == f.Reason })
		switch {
		case i >= 0:
			u.Failures[i].Count += f.Count
		case len(u.Failures) < maxFailures:
			u.Failures = append(u.Failures, f)
		}
	}
	slices.SortStableFunc(u.Failures, func(a, b loadgen.IterationFailure) int { return cmp.Compare(b.Count, a.Count) })
}
