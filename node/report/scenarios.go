package report

import (
	"fmt"
	"math"
	"slices"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/condition"
	"landfall/node/fleet"
)

// Scenarios are the figures of the users of a spec with scenarios. Iterations = Finished + Failed + Interrupted; users that
// never started are the report's Dropped.
type Scenarios struct {
	Iterations  int64   `json:"iterations"`
	Finished    int64   `json:"finished"`
	Failed      int64   `json:"failed"`      // a request had no response, or a value that a step needs was missing
	Interrupted int64   `json:"interrupted"` // by a stop, or still running too long after the end of the run
	PerSecond   float64 `json:"per_second"`  // iterations that ended
	AskedPerS   float64 `json:"asked_per_second,omitempty"`
	MaxUsers    int     `json:"max_users"`                // at the end of an interval
	BodiesCut   int64   `json:"bodies_cut,omitempty"`     // responses longer than 1 MiB: extracts and checks saw the first MiB only
	Aside       int64   `json:"aside_requests,omitempty"` // of setup and teardown; counted nowhere else
	Time        Latency `json:"iteration_us"`             // of finished iterations

	Each     []Scenario                 `json:"each,omitempty"` // by scenario, in the order of the spec, if there are several
	Groups   []Group                    `json:"groups"`         // in the order of the spec
	Checks   []loadgen.CheckCount       `json:"checks"`         // in the order of the steps
	Failures []loadgen.IterationFailure `json:"failures"`       // the most frequent first
}

// Group holds the figures of a group of steps: its passes, and the durations of finished ones.
type Group struct {
	Name   string  `json:"name"`
	Passes int64   `json:"passes"`
	Failed int64   `json:"failed"` // of the passes: the iteration failed within the group
	Time   Latency `json:"time_us"`
}

// Scenario are the figures of one scenario. Iterations = Finished + Failed + Interrupted.
type Scenario struct {
	Name        string  `json:"name"`
	Started     int64   `json:"started"`    // iterations
	Iterations  int64   `json:"iterations"` // that ended
	Finished    int64   `json:"finished"`
	Failed      int64   `json:"failed"`
	Interrupted int64   `json:"interrupted"`
	Dropped     int64   `json:"dropped"` // users that never started, of a scenario with a rate of its own
	PerSecond   float64 `json:"per_second"`
	MaxUsers    int     `json:"max_users"` // at the end of a second
	Requests    int64   `json:"requests"`
	BadRequests int64   `json:"requests_failed"` // errors and unexpected responses
	Time        Latency `json:"iteration_us"`
}

// ScenarioSecond holds the figures of one scenario in one second.
type ScenarioSecond struct {
	Name       string `json:"name"`
	Users      int64  `json:"users"` // at its end
	Started    int64  `json:"started"`
	Iterations int64  `json:"iterations"` // that ended
	Failed     int64  `json:"failed"`
	Dropped    int64  `json:"dropped"`
	P50US      int64  `json:"p50_us"` // of finished iterations
	P95US      int64  `json:"p95_us"`
	P99US      int64  `json:"p99_us"`
}

// GroupSecond holds the figures of one group of steps in one second.
type GroupSecond struct {
	Name   string `json:"name"`
	Passes int64  `json:"passes"`
	Failed int64  `json:"failed"`
	P50US  int64  `json:"p50_us"`
	P95US  int64  `json:"p95_us"`
	P99US  int64  `json:"p99_us"`
}

// addUsers fills in the figures of users in one second.
func (in *Interval) addUsers(run *fleet.Run, parts fleet.Parts) {
	if p := parts[condition.Label{Name: fleet.LabelIterations}]; p != nil {
		in.IterP50US, in.IterP95US, in.IterP99US = p.P50US, p.P95US, p.P99US
	}
	for i := range run.Spec.Scenarios {
		name := run.Spec.Scenarios[i].Name
		if p := parts[condition.Label{Name: fleet.LabelIterations, Value: name}]; p != nil {
			in.Scenarios = append(in.Scenarios, ScenarioSecond{name, p.Users, p.Started, p.Requests, p.Unexpected, p.Dropped, p.P50US, p.P95US, p.P99US})
		}
	}
	for _, name := range run.Spec.GroupNames() {
		if p := parts[condition.Label{Name: fleet.LabelGroup, Value: name}]; p != nil && p.Requests > 0 {
			in.Groups = append(in.Groups, GroupSecond{name, p.Requests, p.Unexpected, p.P50US, p.P95US, p.P99US})
		}
	}
}

// addScenarios fills in the figures of users, if there are any.
func (r *Report) addScenarios(run *fleet.Run, now time.Time) {
	if len(run.Spec.Scenarios) == 0 {
		return
	}
	t := run.Total
	s := &Scenarios{
		Iterations: t.Iterations, Finished: t.Iterations - t.IterationsFailed - t.IterationsInterrupted, Failed: t.IterationsFailed, Aside: t.Aside, BodiesCut: t.BodiesCut, Interrupted: t.IterationsInterrupted,
		Time: Percentiles(run.Users.Iteration), Checks: some(slices.Clone(run.Users.Checks)), Failures: some(slices.Clone(run.Users.Failures)),
	}
	s.Groups = groups(run)
	steps := run.Spec.StepNames()
	slices.SortStableFunc(s.Checks, func(a, b loadgen.CheckCount) int { return slices.Index(steps, a.Step) - slices.Index(steps, b.Step) })
	s.MaxUsers = run.MaxUsers()
	if s.AskedPerS = r.AskedRateRPS; run.Spec.HoldsUsers() { // a closed loop has no requested rate
		s.AskedPerS = 0
	}
	r.AskedRateRPS = 0 // the requested rate is one of iterations
	d := loadTime(run, runTime(run, now))
	if d > 0 {
		s.PerSecond = round(float64(s.Iterations) / d.Seconds())
	}
	s.Each = eachScenario(run, d)
	r.Scenarios = s
}

func eachScenario(run *fleet.Run, d time.Duration) (list []Scenario) {
	for i := range run.Spec.Scenarios {
		for _, c := range run.Users.Scenarios {
			if c.Name != run.Spec.Scenarios[i].Name {
				continue
			}
			one := Scenario{
				Name: c.Name, Iterations: c.Finished + c.Failed + c.Interrupted, Finished: c.Finished, Failed: c.Failed, Interrupted: c.Interrupted,
				Started: c.Started, Dropped: c.Dropped, MaxUsers: c.Users, Time: Percentiles(c.Time),
			}
			for _, step := range run.Spec.StepsOf(c.Name) {
				if n := run.Named[step]; n != nil {
					one.Requests, one.BadRequests = one.Requests+n.Requests, one.BadRequests+n.Errors+n.Unexpected
				}
			}
			if d > 0 {
				one.PerSecond = round(float64(one.Iterations) / d.Seconds())
			}
			list = append(list, one)
		}
	}
	return list
}

func groups(run *fleet.Run) []Group {
	list := make([]Group, 0, len(run.Users.Groups))
	for _, g := range run.Users.Groups {
		passes := g.Failed
		if g.Time != nil {
			passes += g.Time.Count()
		}
		list = append(list, Group{Name: g.Name, Passes: passes, Failed: g.Failed, Time: Percentiles(g.Time)})
	}
	names := run.Spec.GroupNames()
	slices.SortStableFunc(list, func(a, b Group) int { return slices.Index(names, a.Name) - slices.Index(names, b.Name) })
	return list
}

// check validates the scenarios of a parsed report.
func (s *Scenarios) check() error {
	for name, n := range map[string]int64{"iterations": s.Iterations, "finished": s.Finished, "failed": s.Failed, "interrupted": s.Interrupted, "max_users": int64(s.MaxUsers), "aside_requests": s.Aside, "bodies_cut": s.BodiesCut} {
		if n < 0 || n > math.MaxInt64/4 {
			return fmt.Errorf("scenarios: %s %d: want a number from 0 up", name, n)
		}
	}
	if len(s.Checks) > 1000 || len(s.Failures) > 1000 || len(s.Groups) > 1000 || len(s.Each) > 1000 {
		return fmt.Errorf("scenarios: %d checks, %d groups, %d failures: too many", len(s.Checks), len(s.Groups), len(s.Failures))
	}
	s.Checks, s.Groups, s.Failures = some(s.Checks), some(s.Groups), some(s.Failures)
	for _, one := range s.Each {
		if min(one.Started, one.Iterations, one.Finished, one.Failed, one.Interrupted, one.Dropped, one.Requests, one.BadRequests, int64(one.MaxUsers)) < 0 {
			return fmt.Errorf("scenarios: %.40q: a count must not be negative", one.Name)
		}
	}
	return nil
}
