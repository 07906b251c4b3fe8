package fleet

import (
	"landfall/loadgen"
	"landfall/loadgen/hdr"
)

// Users are the figures of a run's scenarios.
type Users struct {
	Iteration *hdr.Histogram // how long iterations took that finished, in microseconds; nil: none did
	Checks    []loadgen.CheckCount
	Groups    []loadgen.Group
	Failures  []loadgen.IterationFailure // the most frequent first
}

// measure adds a snapshot's figures of users. Times of the warm-up are left out.
func (u *Users) measure(snap *loadgen.Snapshot, warm bool) {
	if warm {
		u.Iteration = hdr.Merged(u.Iteration, snap.IterationTime)
	}
	u.Checks = loadgen.AddChecks(u.Checks, snap.Checks)
	u.Groups = loadgen.AddGroups(u.Groups, snap.Groups)
	u.Failures = loadgen.AddIterationFailures(u.Failures, snap.Failures)
}
