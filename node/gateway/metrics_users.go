package gateway

import (
	"landfall/node/fleet"
	"landfall/node/gateway/exposition"
)

var (
	descUsers       = &exposition.Desc{Name: "landfall_run_users", Help: "Virtual users at the end of the newest whole interval" + ofRun, Labels: []string{"test_id"}}
	descIterations  = &exposition.Desc{Name: "landfall_run_iterations_total", Help: "Iterations of virtual users, by how they ended," + ofRun, Labels: []string{"test_id", "result"}}
	descScenario    = &exposition.Desc{Name: "landfall_run_scenario_iterations_total", Help: "Iterations of each of several scenarios, by how they ended," + ofRun, Labels: []string{"test_id", "scenario", "result"}}
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
	if in := newest(r); in != nil && r.Active() {
		alive = float64(in.Users)
	}
	out.Gauge(descUsers, alive, r.ID)
	t := r.Total
	out.Counter(descIterations, float64(t.Iterations-t.IterationsFailed-t.IterationsInterrupted), r.ID, "finished")
	out.Counter(descIterations, float64(t.IterationsFailed), r.ID, "failed")
	out.Counter(descIterations, float64(t.IterationsInterrupted), r.ID, "interrupted")
	for _, s := range r.Users.Scenarios {
		out.Counter(descScenario, float64(s.Finished), r.ID, s.Name, "finished")
		out.Counter(descScenario, float64(s.Failed), r.ID, s.Name, "failed")
		out.Counter(descScenario, float64(s.Interrupted), r.ID, s.Name, "interrupted")
	}
	for _, check := range r.Users.Checks {
		out.Counter(descChecks, float64(check.Passed), r.ID, check.Step, check.Check, "passed")
		out.Counter(descChecks, float64(check.Failed), r.ID, check.Step, check.Check, "failed")
	}
	for _, g := range r.Users.Groups {
		if g.Time != nil {
			out.Histogram(descGroup, native(g.Time), r.ID, g.Name)
		}
	}
	if h := r.Users.Iteration; h != nil {
		out.Histogram(descIteration, native(h), r.ID)
		summary(out, descIterationAt, h, r.ID)
	}
}
