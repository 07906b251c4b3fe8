package sample

import (
	"slices"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/fleet"
	"landfall/node/report"
)

// Step holds the figures of a named request, a step of a scenario, a group of steps (with passes in place of requests), or one of several
// scenarios (with iterations).
type Step struct {
	Name                       string
	Scenario                   bool
	Users                      int64 // of a scenario: at the end of the newest second or, in a report, the maximum
	Requests, Failed           int64
	P50, P95, P99              float64 // microseconds; 0: no responses
	ChecksPassed, ChecksFailed int64
}

// Users holds the figures of a scenario's users.
type Users struct {
	Now                             int // at the end of the newest second
	Iterations, Failed, Interrupted int64
	P50, P95                        float64 // of an iteration, in microseconds
	ChecksPassed, ChecksFailed      int64
	Failures                        []loadgen.IterationFailure // the most frequent first
}

const (
	stepsKept    = 64
	failingSteps = 3
)

// takeUsers copies the figures by step and, of scenarios, by user.
func (v *Run) takeUsers(r *fleet.Run) {
	names := r.Spec.StepNames()
	if len(names) == 0 {
		for _, q := range r.Spec.Requests {
			names = append(names, q.Name)
		}
	}
	v.takeScenarios(r)
	for _, name := range names[:min(len(names), stepsKept-len(v.Steps))] {
		s := Step{Name: name}
		if n := r.Named[name]; n != nil {
			s.Requests, s.Failed = n.Requests, n.Errors+n.Unexpected
			if n.Latency != nil && n.Latency.Count() > 0 {
				s.P50, s.P95, s.P99 = float64(n.Latency.Quantile(.5)), float64(n.Latency.Quantile(.95)), float64(n.Latency.Quantile(.99))
			}
		}
		s.addChecks(r.Users.Checks)
		v.Steps = append(v.Steps, s)
	}
	for _, name := range r.Spec.GroupNames() {
		if len(v.Steps) < stepsKept {
			v.Steps = append(v.Steps, groupOf(name, r.Users.Groups))
		}
	}
	if len(r.Spec.Scenarios) > 0 {
		v.Users = usersOf(r)
	}
}

// takeScenarios copies the figures of each of several scenarios.
func (v *Run) takeScenarios(r *fleet.Run) {
	if len(r.Users.Scenarios) == 0 {
		return
	}
	var parts fleet.Parts
	if n := Whole(r, v.T0.Add(v.Elapsed)); n > 0 && v.Active {
		parts = r.Intervals.At(n - 1).Parts
	}
	for i := range r.Spec.Scenarios {
		s := Step{Name: scenarioName(r.Spec.Scenarios[i].Name), Scenario: true}
		for _, c := range r.Users.Scenarios {
			if c.Name != r.Spec.Scenarios[i].Name {
				continue
			}
			s.Requests, s.Failed = c.Finished+c.Failed+c.Interrupted, c.Failed
			if c.Time != nil && c.Time.Count() > 0 {
				s.P50, s.P95, s.P99 = float64(c.Time.Quantile(.5)), float64(c.Time.Quantile(.95)), float64(c.Time.Quantile(.99))
			}
			if p := parts[condition.Label{Name: fleet.LabelIterations, Value: c.Name}]; p != nil {
				s.Users = p.Users
			}
		}
		v.Steps = append(v.Steps, s)
	}
}

// scenarioName marks a scenario, to distinguish it from a step.
func scenarioName(name string) string { return "scenario " + name }

// groupOf returns the figures of a group: its passes in place of requests, and the durations of finished passes.
func groupOf(name string, list []loadgen.Group) Step {
	s := Step{Name: groupName(name)}
	for _, g := range list {
		if g.Name != name {
			continue
		}
		s.Requests, s.Failed = g.Failed, g.Failed
		if g.Time != nil && g.Time.Count() > 0 {
			s.Requests += g.Time.Count()
			s.P50, s.P95, s.P99 = float64(g.Time.Quantile(.5)), float64(g.Time.Quantile(.95)), float64(g.Time.Quantile(.99))
		}
	}
	return s
}

// groupName marks a group, to distinguish it from a step.
func groupName(name string) string { return "group " + name }

func (s *Step) addChecks(list []loadgen.CheckCount) {
	for _, c := range list {
		if c.Step == s.Name {
			s.ChecksPassed += c.Passed
			s.ChecksFailed += c.Failed
		}
	}
}

func usersOf(r *fleet.Run) *Users {
	t := r.Total
	u := &Users{Iterations: t.Iterations, Failed: t.IterationsFailed, Interrupted: t.IterationsInterrupted}
	if n := r.Intervals.Len(); n > 0 {
		newest := r.Intervals.Figures(n - 1)
		u.Now = newest.Users
		if n > 1 && newest.Present < newest.Expected { // not all drivers have reported yet
			u.Now = r.Intervals.Figures(n - 2).Users
		}
	}
	if h := r.Users.Iteration; h != nil && h.Count() > 0 {
		u.P50, u.P95 = float64(h.Quantile(.5)), float64(h.Quantile(.95))
	}
	for _, c := range r.Users.Checks {
		u.ChecksPassed += c.Passed
		u.ChecksFailed += c.Failed
	}
	u.Failures = slices.Clone(r.Users.Failures[:min(len(r.Users.Failures), failingSteps)])
	return u
}

// StepsOf returns the figures of a report by step.
func StepsOf(r *report.Report) (steps []Step) {
	if r.Scenarios != nil {
		for _, s := range r.Scenarios.Each {
			steps = append(steps, Step{Name: scenarioName(s.Name), Scenario: true, Users: int64(s.MaxUsers), Requests: s.Iterations, Failed: s.Failed, P50: float64(s.Time.P50), P95: float64(s.Time.P95), P99: float64(s.Time.P99)})
		}
		steps = steps[:min(len(steps), stepsKept)]
	}
	for _, n := range r.Named[:min(len(r.Named), stepsKept-len(steps))] {
		s := Step{Name: n.Name, Requests: n.Requests, Failed: n.Errors + n.Unexpected, P50: float64(n.Latency.P50), P95: float64(n.Latency.P95), P99: float64(n.Latency.P99)}
		if r.Scenarios != nil {
			s.addChecks(r.Scenarios.Checks)
		}
		steps = append(steps, s)
	}
	if r.Scenarios == nil {
		return steps
	}
	for _, g := range r.Scenarios.Groups[:min(len(r.Scenarios.Groups), stepsKept-len(steps))] {
		steps = append(steps, Step{Name: groupName(g.Name), Requests: g.Passes, Failed: g.Failed, P50: float64(g.Time.P50), P95: float64(g.Time.P95), P99: float64(g.Time.P99)})
	}
	return steps
}
