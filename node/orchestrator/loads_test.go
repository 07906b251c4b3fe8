package orchestrator

import (
	"testing"
	"time"

	"landfall/loadgen"
)

// Scenarios keep their own loads in every plan of a run: a new rate is divided in proportion to their rates, a pause stops all loads,
// and the rest continues after it.
func TestPlansKeepTheLoadsOfScenarios(t *testing.T) {
	steps := []loadgen.Step{{Get: "/"}}
	spec := loadgen.Spec{Target: "http://127.0.0.1/", Duration: loadgen.Duration(time.Minute), Scenarios: []loadgen.Scenario{
		{Name: "browse", RateRPS: 30, Steps: steps},
		{Name: "buy", RateRPS: 10, Start: loadgen.Duration(20 * time.Second), Steps: steps},
		{Name: "admin", Users: 5, Steps: steps},
	}}.WithDefaults()
	run := started(spec, 3)
	first := run.Plan()
	if first.UntilUS != 60e6 || len(first.Loads) != 3 || loadgen.Schedule(first.Schedule).Rate(30*time.Second) != 40 || loadgen.Schedule(first.Schedule).Rate(0) != 30 {
		t.Fatalf("%+v", first)
	}
	rates := func(l loadgen.Loads, at time.Duration) (list [3]float64) {
		for i := range l {
			list[i] = loadgen.Schedule(l[i].Schedule).Rate(at)
		}
		return list
	}
	faster, err := withRate(run, 80, 30*time.Second)
	if err != nil || rates(faster.Loads, time.Second) != [3]float64{60, 20, 5} || loadgen.Schedule(faster.Schedule).Rate(time.Second) != 80 {
		t.Errorf("at 80/s %v %v", rates(faster.Loads, time.Second), err)
	}
	stopped := paused(run, 10*time.Second)
	if rates(stopped.Loads, time.Second) != [3]float64{} {
		t.Errorf("paused %v", rates(stopped.Loads, time.Second))
	}
	rest := follow(run.Plan(), 15*time.Second)
	if rates(rest.Loads, 0) != [3]float64{30, 0, 5} || rates(rest.Loads, 5*time.Second) != [3]float64{30, 10, 5} {
		t.Errorf("from 15 s on %v", rates(rest.Loads, 5*time.Second))
	}
	if err := faster.Loads.Due(time.Second, 0, 1); err != 80 {
		t.Errorf("%d are due", err)
	}
	idle := started(loadgen.Spec{Target: spec.Target, Duration: spec.Duration, Scenarios: []loadgen.Scenario{spec.Scenarios[2], {Name: "late", RateRPS: 1, Start: loadgen.Duration(50 * time.Second), Steps: steps}}}.WithDefaults(), 1)
	if _, err := withRate(idle, 5, 10*time.Second); err == nil {
		t.Error("a rate for scenarios of which none has one now")
	}
}
