package gateway

import (
	"landfall/loadgen/condition"
	"landfall/node/fleet"
	"landfall/node/gateway/exposition"
)

var (
	descUsers       = &exposition.Desc{Name: "landfall_run_users", Help: "Virtual users at the end of the newest whole interval" + ofRun, Labels: []string{"test_id"}}
	descIterations  = &exposition.Desc{Name: "landfall_run_iterations_total", Help: "Iterations of virtual users, by how they ended," + ofRun, Labels: []string{"test_id", "result"}}
	descScenario    = &exposition.Desc{Name: "landfall_run_scenario_iterations_total", Help: "Iterations of each of several scenarios, by how they ended," + ofRun, Labels: []string{"test_id", "scenario", "result"}}
	descStarted     = &exposition.Desc{Name: "landfall_run_scenario_started_total", Help: "Iterations of each of several scenarios that started" + ofRun, Labels: []string{"test_id", "scenario"}}
	descDroppedBy   = &exposition.Desc{Name: "landfall_run_scenario_dropped_total", Help: "Users of each of several scenarios that were due and never started" + ofRun, Labels: []string{"test_id", "scenario"}}
	descUsersBy     = &exposition.Desc{Name: "landfall_run_scenario_users", Help: "Virtual users of each of several scenarios at the end of the newest whole interval" + ofRun, Labels: []string{"test_id", "scenario"}}
	descRequestsBy  = &exposition.Desc{Name: "landfall_run_scenario_requests_total", Help: "Requests of each of several scenarios" + ofRun, Labels: []string{"test_id", "scenario"}}
	descTimeBy      = &exposition.Desc{Name: "landfall_run_scenario_iteration_seconds", Help: "How long iterations of each of several scenarios took that finished, as a native histogram," + ofRun, Labels: []string{"test_id", "scenario"}}
	descGroupBad    = &exposition.Desc{Name: "landfall_run_group_failed_total", Help: "Passes of a group of steps in which the iteration failed" + ofRun, Labels: []string{"test_id", "group"}}
	descIteration   = &exposition.Desc{Name: "landfall_run_iteration_seconds", Help: "How long iterations took that finished, as a native histogram," + ofRun, Labels: []string{"test_id"}}
	descIterationAt = &exposition.Desc{Name: "landfall_run_iteration_quantiles_seconds", Help: "How long iterations took that finished, for scrapers without native histograms," + ofRun, Labels: []string{"test_id"}}
	descGroup       = &exposition.Desc{Name: "landfall_run_group_seconds", Help: "How long passes of a group of steps took, as a native histogram," + ofRun, Labels: []string{"test_id", "group"}}
	descChecks      = &exposition.Desc{Name: "landfall_run_checks_total", Help: "Checks of steps, by result," + ofRun, Labels: []string{"test_id", "step", "check", "result"}}
)

// users writes the metrics of a run's virtual users, if it has scenarios.
func users(r *fleet.Run, out *exposition.Set) {
	if len(r.Spec.Scenarios) == 0 {
		return
	}
	alive := 0.0
	if _, in := newest(r); in != nil && r.Active() {
		alive = float64(in.Users)
	}
	out.Gauge(descUsers, alive, r.ID)
	t := r.Total
	out.Counter(descIterations, float64(t.Iterations-t.IterationsFailed-t.IterationsInterrupted), r.ID, "finished")
	out.Counter(descIterations, float64(t.IterationsFailed), r.ID, "failed")
	out.Counter(descIterations, float64(t.IterationsInterrupted), r.ID, "interrupted")
	scenarios(r, out)
	for _, check := range r.Users.Checks {
		out.Counter(descChecks, float64(check.Passed), r.ID, check.Step, check.Check, "passed")
		out.Counter(descChecks, float64(check.Failed), r.ID, check.Step, check.Check, "failed")
	}
	for _, g := range r.Users.Groups {
		out.Counter(descGroupBad, float64(g.Failed), r.ID, g.Name)
		if g.Time != nil {
			out.Histogram(descGroup, native(g.Time), r.ID, g.Name)
		}
	}
	if h := r.Users.Iteration; h != nil {
		out.Histogram(descIteration, native(h), r.ID)
		summary(out, descIterationAt, h, r.ID)
	}
}

// scenarios writes the metrics of each of several scenarios.
func scenarios(r *fleet.Run, out *exposition.Set) {
	_, in := newest(r)
	for _, s := range r.Users.Scenarios {
		out.Counter(descStarted, float64(s.Started), r.ID, s.Name)
		out.Counter(descScenario, float64(s.Finished), r.ID, s.Name, "finished")
		out.Counter(descScenario, float64(s.Failed), r.ID, s.Name, "failed")
		out.Counter(descScenario, float64(s.Interrupted), r.ID, s.Name, "interrupted")
		out.Counter(descDroppedBy, float64(s.Dropped), r.ID, s.Name)
		alive := 0.0
		if in != nil {
			if p := in.Parts[condition.Label{Name: fleet.LabelIterations, Value: s.Name}]; p != nil {
				alive = float64(p.Users)
			}
		}
		out.Gauge(descUsersBy, alive, r.ID, s.Name)
		var requests int64
		for _, step := range r.Spec.StepsOf(s.Name) {
			if n := r.Named[step]; n != nil {
				requests += n.Requests
			}
		}
		out.Counter(descRequestsBy, float64(requests), r.ID, s.Name)
		if s.Time != nil {
			out.Histogram(descTimeBy, native(s.Time), r.ID, s.Name)
		}
	}
}
