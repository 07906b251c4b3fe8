package engine

import (
	"testing"
	"time"

	"landfall/loadgen"
)

// Stopped users end at their next step, and all of them are accounted for.
func TestUsersAreStopped(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		spec := loadgen.Spec{Target: r.url, Users: 50, Duration: loadgen.Duration(time.Hour), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Name: "first", Get: "/"}, {Think: "1h"}, {Name: "second", Get: "/"},
		}}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, func(e *Engine) {
			waitFor(t, func() bool { return r.served.Load() >= 50 })
			e.Drain()
		})
		if m.Total.Iterations != 50 || m.Total.IterationsInterrupted != 50 || m.Total.Responses != 50 || r.served.Load() != 50 || m.Begun != 50 {
			t.Errorf("%+v, begun %d", m.Total, m.Begun)
		}
	})
}

// Iterations in progress at the end may finish; those that take too long are interrupted.
func TestTheEndOfUsers(t *testing.T) {
	spec := loadgen.Spec{RateRPS: 10, Users: 100, Duration: loadgen.Duration(time.Second), Finish: loadgen.Duration(2 * time.Second),
		Scenarios: []loadgen.Scenario{
			{Name: "short", Steps: []loadgen.Step{{Get: "/s"}, {Think: "1500ms"}, {Get: "/s2"}}},
			{Name: "long", Steps: []loadgen.Step{{Get: "/l"}, {Think: "1h"}, {Get: "/l2"}}},
		}}
	list := virtually(t, spec, loadgen.Share{Schedule: steady(10), Until: spec.Duration}, func(time.Duration) {}, nil)
	last := list[len(list)-1]
	if last.Total.Iterations != 10 || last.Total.IterationsInterrupted == 0 || last.Total.IterationsInterrupted == 10 || last.Total.IterationsFailed != 0 || last.Interval > 3 {
		t.Errorf("interval %d, %+v", last.Interval, last.Total)
	}
}

// A pace does not keep users beyond the end.
func TestUsersBetweenIterationsLeaveAtTheEnd(t *testing.T) {
	spec := loadgen.Spec{Users: 3, Duration: loadgen.Duration(1500 * time.Millisecond), Pace: loadgen.Duration(time.Minute),
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}}}}}
	list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Until: spec.Duration}, func(time.Duration) {}, nil)
	if last := list[len(list)-1]; last.Interval != 1 || last.Total.Iterations != 3 || last.Total.IterationsInterrupted != 0 || list[0].Users != 3 || last.Users != 0 {
		t.Errorf("interval %d, %+v", last.Interval, last.Total)
	}
}

// The owner's limits apply to users too: they send no more requests than the maximum rate allows, and none after the maximum duration.
func TestUsersKeepBelowTheOwnersCaps(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		r := serve(t, nil, nil)
		o.MaxRate, o.MaxDuration = 100, time.Second
		spec := loadgen.Spec{Target: r.url, Users: 20, Duration: loadgen.Duration(time.Hour), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Repeat: 5, Steps: []loadgen.Step{{Get: "/"}}}}}}}
		begun := time.Now()
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if n := m.Total.Requests; n < 50 || n > 101 || n != r.served.Load() {
			t.Errorf("%d requests at 100 a second for a second; the target counted %d", n, r.served.Load())
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
