package engine

import (
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

var (
	tokenStep = loadgen.Step{
		Name: "token", Post: "/token", Form: map[string]string{"grant_type": "password", "username": "user7", "password": "{{secret.PW}}"},
		Extract: map[string]loadgen.Extract{"api": {JSON: "$.access_token"}}, Checks: []loadgen.Check{{Status: "200"}},
	}
	bearerItem = loadgen.Step{Name: "item", Get: "/items/{{int 1 500}}", Auth: &loadgen.Auth{Bearer: "{{api}}"}, Checks: []loadgen.Check{{Status: "200"}}}
)

// Setup runs once for any number of users and loops, every user and the teardown get its variables, and its
// requests are counted separately.
func TestSetupAndTeardown(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		spec := loadgen.Spec{
			Users: 8, Count: 100, Secrets: map[string]string{"PW": "secret7"},
			Setup: []loadgen.Step{tokenStep}, Teardown: []loadgen.Step{bearerItem, {Repeat: 2, Steps: []loadgen.Step{{Name: "again", Get: "/items/1", Auth: &loadgen.Auth{Bearer: "{{api}}"}}}}},
			Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{bearerItem, {Name: "copied", Get: "/items/2", Auth: &loadgen.Auth{Bearer: "{{api}}"}}}}},
		}
		m, seen := visited(t, o, spec, loadgen.Share{})
		if m.Total.Requests != 200 || m.Total.Iterations != 100 || m.Total.Unexpected != 0 || m.Total.Aside != 4 || seen.Logins != 1 {
			t.Errorf("%+v; the shop counted %+v", m.Total, seen)
		}
		aside := int64(0)
		for _, s := range m.list {
			aside += s.Delta.Aside
		}
		if aside != 4 {
			t.Errorf("the deltas' requests of setup and teardown sum up to %d", aside)
		}
	})
}

// A failed setup fails the engine before anything is sent; a failed teardown is reported.
func TestFailingSetupAndTeardown(t *testing.T) {
	r := serve(t, nil, nil)
	base := loadgen.Spec{Target: r.url, Users: 1, Count: 1, Duration: loadgen.Duration(time.Minute), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}}}}}
	for want, steps := range map[string][]loadgen.Step{
		"setup: GET /: x is not in the response":                              {{Get: "/", Extract: map[string]loadgen.Extract{"x": {JSON: "$.x"}}}},
		"setup: login: the response is not as expected (status 201)":          {{Name: "login", Get: "/", Checks: []loadgen.Check{{Status: "201"}}}},
		"setup: login: the response is not as expected (body contains hello)": {{Name: "login", Get: "/", Checks: []loadgen.Check{{BodyContains: "hello"}}}},
	} {
		spec := base
		spec.Setup = steps
		e, err := New(spec.WithDefaults(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		before := r.served.Load()
		if err := e.Setup(t.Context()); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if n := r.served.Load() - before; n != 1 {
			t.Errorf("%d requests", n)
		}
	}
	spec := base
	spec.Teardown = []loadgen.Step{{Name: "bye", Get: "/", Checks: []loadgen.Check{{Status: "404"}}}}
	m := carry(t, spec, Options{}, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
	if f := m.Failures; len(f) != 1 || f[0].Step != "teardown" || !strings.Contains(f[0].Reason, "bye: the response is not as expected") || m.Total.IterationsFailed != 0 || m.Total.Aside != 1 {
		t.Errorf("%+v %+v", f, m.Total)
	}
}

// The teardown also runs after a stopped run.
func TestTeardownOfAStoppedRun(t *testing.T) {
	r := serve(t, nil, nil)
	spec := loadgen.Spec{Target: r.url, Users: 1, Duration: loadgen.Duration(time.Hour), Teardown: []loadgen.Step{{Get: "/bye"}},
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}, {Think: "1h"}}}}}
	m := carry(t, spec, Options{}, loadgen.Share{Schedule: spec.UserSchedule()}, func(e *Engine) {
		waitFor(t, func() bool { return r.served.Load() > 0 })
		e.Drain()
	})
	if m.Total.Aside != 1 || m.Total.IterationsInterrupted != 1 || r.served.Load() != 2 {
		t.Errorf("%+v; %d served", m.Total, r.served.Load())
	}
}
