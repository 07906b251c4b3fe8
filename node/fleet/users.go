package fleet

import (
	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/loadgen/hdr"
)

// Users holds the figures of a run's scenarios.
type Users struct {
	Iteration *hdr.Histogram // duration of finished iterations in microseconds; nil: none
	Checks    []loadgen.CheckCount
	Groups    []loadgen.Group
	Scenarios []loadgen.ScenarioCount    // if there are several; Users is the highest number at the end of a second
	Failures  []loadgen.IterationFailure // the most frequent first
}

// measure adds a snapshot's figures of users. Times are added only after the warm-up (warm).
func (u *Users) measure(snap *loadgen.Snapshot, warm bool) {
	if warm {
		u.Iteration = hdr.Merged(u.Iteration, snap.IterationTime)
	}
	u.Checks = loadgen.AddChecks(u.Checks, snap.Checks)
	u.Groups = loadgen.AddGroups(u.Groups, snap.Groups)
	u.scenarios(snap, warm)
	u.Failures = loadgen.AddIterationFailures(u.Failures, snap.Failures)
}

// scenarios adds a snapshot's figures by scenario. Numbers of users are not summed over seconds: see peak.
func (u *Users) scenarios(snap *loadgen.Snapshot, warm bool) {
	for _, c := range snap.Scenarios {
		if c.Users = 0; !warm {
			c.Time = nil
		}
		u.Scenarios = loadgen.AddScenarios(u.Scenarios, []loadgen.ScenarioCount{c})
	}
}

// peak raises each scenario's maximum number of users to that of an interval. The users of an interval never decrease.
func (u *Users) peak(parts Parts) {
	for i := range u.Scenarios {
		s := &u.Scenarios[i]
		if p := parts[condition.Label{Name: LabelIterations, Value: s.Name}]; p != nil {
			s.Users = max(s.Users, int(p.Users))
		}
	}
}
