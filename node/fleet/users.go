package fleet

import (
	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// Users are the figures of a run's scenarios.
type Users struct {
	Iteration *hdr.Histogram // duration of finished iterations in microseconds; nil: none
	Checks    []loadgen.CheckCount
	Groups    []loadgen.Group
	Scenarios []loadgen.ScenarioCount    // if there are several; their users are the most at the end of a second
	Failures  []loadgen.IterationFailure // the most frequent first
}

// measure adds a snapshot's figures of users, without the times of the warm-up.
func (u *Users) measure(snap *loadgen.Snapshot, warm bool) {
	if warm {
		u.Iteration = hdr.Merged(u.Iteration, snap.IterationTime)
	}
	u.Checks = loadgen.AddChecks(u.Checks, snap.Checks)
	u.Groups = loadgen.AddGroups(u.Groups, snap.Groups)
	u.scenarios(snap, warm)
	u.Failures = loadgen.AddIterationFailures(u.Failures, snap.Failures)
}

// scenarios adds a snapshot's figures by scenario. Users of several seconds are not summed.
func (u *Users) scenarios(snap *loadgen.Snapshot, warm bool) {
	for _, c := range snap.Scenarios {
		if c.Users = 0; !warm {
			c.Time = nil
		}
		u.Scenarios = loadgen.AddScenarios(u.Scenarios, []loadgen.ScenarioCount{c})
	}
}

// peak notes how many users each scenario has in an interval. Users of an interval only become more.
func (u *Users) peak(parts Parts) {
	for i := range u.Scenarios {
		s := &u.Scenarios[i]
		if p := parts[condition.Label{Name: LabelIterations, Value: s.Name}]; p != nil {
			s.Users = max(s.Users, int(p.Users))
		}
	}
}
