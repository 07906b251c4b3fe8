package engine

import (
	"slices"
	"testing"
	"time"

	"landfall/loadgen"
)

// Scenarios with a rate and scenarios with a number of users, which start and end at different times, run concurrently in one run.
func TestScenariosWithLoadsOfTheirOwn(t *testing.T) {
	step := func(name string) []loadgen.Step {
		return []loadgen.Step{{Name: name, Get: "/" + name}, {Think: "100ms"}}
	}
	spec := loadgen.Spec{Scenarios: []loadgen.Scenario{
		{Name: "browse", RateRPS: 50, Duration: loadgen.Duration(4 * time.Second), Steps: step("browse")},
		{Name: "buy", RateRPS: 10, Start: loadgen.Duration(2 * time.Second), Duration: loadgen.Duration(4 * time.Second), Steps: step("buy")},
		{Name: "admin", Users: 3, Start: loadgen.Duration(time.Second), Duration: loadgen.Duration(6 * time.Second), Steps: step("admin")},
	}}
	list := virtually(t, spec, spec.WithDefaults().Share(), func(time.Duration) {}, nil)
	var each []loadgen.ScenarioCount
	var users []int
	for _, s := range list {
		each = loadgen.AddScenarios(each, s.Scenarios)
		users = append(users, s.Scenarios[2].Users)
	}
	if each[0].Finished != 200 || each[1].Finished != 40 || each[2].Finished < 178 || each[2].Finished > 180 {
		t.Errorf("%d, %d and %d iterations", each[0].Finished, each[1].Finished, each[2].Finished)
	}
	for _, one := range each { // all that started have ended
		if one.Started != one.Finished {
			t.Errorf("%s: %d started, %d finished", one.Name, one.Started, one.Finished)
		}
	}
	if s := list[2].Scenarios[0]; s.Started != 50 {
		t.Errorf("%d iterations at 50/s started in the third second", s.Started)
	}
	if !slices.Equal(users[:7], []int{0, 3, 3, 3, 3, 3, 3}) {
		t.Errorf("users of the third %v", users)
	}
	last := list[len(list)-1].Total
	if sum := each[0].Finished + each[1].Finished + each[2].Finished; last.Iterations != sum || last.Requests != sum || last.Dropped+last.IterationsFailed+last.IterationsInterrupted != 0 {
		t.Errorf("%+v, by scenario %d", last, sum)
	}
	if list[0].Scenarios[1].Finished != 0 || list[1].Scenarios[1].Finished != 0 || list[len(list)-1].Interval > 8 {
		t.Error("the second began too early, or the run ended too late")
	}
}

// A scenario counts as dropped only its own users that are due and never start. Its limit does not include users held by other scenarios.
func TestArrivalsOfOneScenarioAreDropped(t *testing.T) {
	spec := loadgen.Spec{Users: 4, Duration: loadgen.Duration(5 * time.Second), Patience: loadgen.Duration(500 * time.Millisecond), Scenarios: []loadgen.Scenario{
		{Name: "fast", RateRPS: 20, Steps: []loadgen.Step{{Get: "/"}, {Think: "1s"}}},
		{Name: "held", Users: 5, Steps: []loadgen.Step{{Get: "/"}, {Think: "1s"}}},
	}}
	list := virtually(t, spec, spec.WithDefaults().Share(), func(time.Duration) {}, nil)
	var each []loadgen.ScenarioCount
	for _, s := range list {
		each = loadgen.AddScenarios(each, s.Scenarios)
	}
	last := list[len(list)-1].Total
	if each[0].Dropped == 0 || each[0].Dropped != last.Dropped || each[0].Finished+each[0].Dropped != 100 || each[1].Dropped != 0 || each[1].Finished != 25 {
		t.Errorf("%+v, %+v", each, last)
	}
}
