package engine

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"landfall/loadgen"
)

func text(s string) *string { return &s }

// buyer logs in, looks at three items, and buys those that are cheap.
func buyer() []loadgen.Scenario {
	return []loadgen.Scenario{{Name: "buyer", Steps: []loadgen.Step{
		{Name: "login", Post: "/login", Form: map[string]string{"user": "{{name}}"},
			Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}, "none": {Header: "X-None", Default: text("0")}},
			Checks:  []loadgen.Check{{Status: "200"}, {Name: "has a name", JSON: "$.user.name", Equals: text("Ann")}, {Header: "Content-Type", Contains: "json"}}},
		{Name: "form", Get: "/form", Extract: map[string]loadgen.Extract{"csrf": {Regex: `name="csrf" value="([^"]+)"`}}},
		{Repeat: 3, Steps: []loadgen.Step{
			{Name: "item", Get: "/item", Query: map[string]string{"id": "{{int 1 10}}"}, Headers: map[string]string{"Authorization": "Bearer {{token}}"},
				Extract: map[string]loadgen.Extract{"price": {JSON: "$.price"}}, Checks: []loadgen.Check{{Name: "cheap", Expr: "price < 6"}}},
			{Think: "1ms..3ms"},
		}},
		{If: "price < 6", Steps: []loadgen.Step{
			{Name: "buy", Post: "/cart", JSON: json.RawMessage(`{"csrf": "{{csrf}}", "note": "{{note}}"}`), Checks: []loadgen.Check{{Status: "2xx", MaxLatency: loadgen.Duration(time.Minute)}}},
		}},
	}}}
}

var words = map[string]string{"name": "a b&c", "note": `say "hi"`}

func TestUsersDoWhatTheServerDemands(t *testing.T) {
	for name, spec := range map[string]loadgen.Spec{
		"held":                      {Users: 8, Count: 400},
		"held, sharing connections": {Users: 8, Count: 400, SharedConnections: true, Connections: 2},
		"at a rate":                 {RateRPS: 800, Count: 400, Users: 100},
	} {
		t.Run(name, func(t *testing.T) {
			polls(t, func(t *testing.T, o Options) {
				shop, url := openShop(t)
				spec := spec
				spec.Target, spec.Scenarios, spec.Variables, spec.Timeout = url, buyer(), words, loadgen.Duration(time.Minute)
				share := loadgen.Share{Schedule: spec.WithDefaults().UserSchedule()}
				if spec.RateRPS > 0 {
					share.Schedule = steady(spec.RateRPS)
				}
				m := carry(t, spec, o, share, nil)
				total := m.Total
				if total.Iterations != 400 || total.IterationsFailed != 0 || total.IterationsInterrupted != 0 || total.Dropped != 0 || total.Unexpected > total.Requests {
					t.Errorf("%+v", total)
				}
				sent := shop.logins.Load() + 400 + shop.items.Load() + shop.carts.Load()
				if shop.refused.Load() != 0 || shop.logins.Load() != 400 || shop.items.Load() != 1200 || total.Requests != sent || total.Responses != sent {
					t.Errorf("%d refused, %d logins, %d items, %d carts; %+v", shop.refused.Load(), shop.logins.Load(), shop.items.Load(), shop.carts.Load(), total)
				}
				if n := shop.connections.Load(); spec.SharedConnections && n > 2 || !spec.SharedConnections && n != 400 {
					t.Errorf("%d connections", n)
				}
				checkFigures(t, m, shop)
			})
		})
	}
}

// checkFigures compares steps and checks with the server's counts.
func checkFigures(t *testing.T, m measured, shop *strictShop) {
	t.Helper()
	steps, passed, failed, durations := map[string]int64{}, map[string]int64{}, map[string]int64{}, int64(0)
	for _, s := range m.list {
		for _, n := range s.Named {
			steps[n.Name] += n.Requests
		}
		for _, c := range s.Checks {
			passed[c.Step+": "+c.Check] += c.Passed
			failed[c.Step+": "+c.Check] += c.Failed
		}
		durations += s.IterationTime.Count()
	}
	if steps["login"] != 400 || steps["form"] != 400 || steps["item"] != 1200 || steps["buy"] != shop.carts.Load() {
		t.Errorf("steps %v", steps)
	}
	cheap := passed["item: cheap"]
	if passed["login: has a name"] != 400 || passed["login: header Content-Type contains json"] != 400 || cheap+failed["item: cheap"] != 1200 ||
		failed["item: cheap"] != m.Total.Unexpected || passed["buy: status 2xx within 1m0s"] != shop.carts.Load() || len(failed) != 5 {
		t.Errorf("passed %v, failed %v, unexpected %d", passed, failed, m.Total.Unexpected)
	}
	if durations != 400 || m.Users != 0 {
		t.Errorf("%d iterations timed, %d users left", durations, m.Users)
	}
}

// If a target refuses connections, iterations fail, and users do not retry as fast as it refuses.
func TestUsersOfATargetThatRefuses(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		server := httptest.NewServer(http.NotFoundHandler())
		url := server.URL
		server.Close()
		spec := loadgen.Spec{Target: url, Users: 4, Duration: loadgen.Duration(500 * time.Millisecond), Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}}}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if n := m.Total.Errors[loadgen.ErrConnect]; n < 4 || n > 200 || m.Total.IterationsFailed != n {
			t.Errorf("%+v", m.Total)
		}
	})
}

// The number of users follows its stages up and down.
func TestUsersRamp(t *testing.T) {
	spec := loadgen.Spec{Duration: loadgen.Duration(3 * time.Second), Stages: []loadgen.Stage{
		{Duration: loadgen.Duration(time.Second), Users: 10}, {Duration: loadgen.Duration(time.Second), Users: 10}, {Duration: loadgen.Duration(time.Second), Users: 0},
	}}
	spec.Scenarios = []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}, {Think: "10ms"}}}}
	list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Until: spec.Duration}, func(time.Duration) {}, nil)
	var alive []int
	for _, s := range list[:3] {
		alive = append(alive, s.Users)
	}
	if !slices.Equal(alive, []int{10, 10, 0}) && !slices.Equal(alive, []int{9, 10, 0}) && !slices.Equal(alive, []int{10, 10, 1}) {
		t.Errorf("%v", alive)
	}
	if n := list[1].Delta.Iterations; n < 980 || n > 1010 {
		t.Errorf("%d iterations of 10 users who take 10 ms, in a second", n)
	}
	if n := list[0].Delta.Iterations; n < 440 || n > 520 {
		t.Errorf("%d iterations while they grow to 10", n)
	}
}

// Think time and pace are exact to the microsecond, on a virtual clock.
func TestThinkTimeAndPace(t *testing.T) {
	spec := loadgen.Spec{Users: 2, Duration: loadgen.Duration(10 * time.Second), Pace: loadgen.Duration(time.Second),
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Name: "first", Get: "/"}, {Think: "300ms"}, {Name: "second", Get: "/"}}}}}
	var mu sync.Mutex
	var came []time.Duration
	list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Until: spec.Duration}, func(since time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		came = append(came, since)
	}, nil)
	slices.Sort(came)
	var want []time.Duration
	for i := range 10 {
		at := time.Duration(i) * time.Second
		want = append(want, at, at, at+300*time.Millisecond, at+300*time.Millisecond)
	}
	if !slices.Equal(came, want) {
		t.Errorf("%v", came)
	}
	if last := list[len(list)-1]; last.Total.Iterations != 20 || last.Total.IterationsFailed+last.Total.IterationsInterrupted != 0 {
		t.Errorf("%+v", last.Total)
	}
}

// Arrivals beyond the maximum number of users wait, and are dropped when their patience ends.
func TestArrivalsBeyondTheUsers(t *testing.T) {
	spec := loadgen.Spec{RateRPS: 50, Users: 2, Duration: loadgen.Duration(10 * time.Second), Patience: loadgen.Duration(200 * time.Millisecond),
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}}}}}
	list := virtually(t, spec, loadgen.Share{Schedule: steady(50), Until: spec.Duration}, func(time.Duration) { time.Sleep(100 * time.Millisecond) }, nil)
	last, h := list[len(list)-1], allLatencies(list)
	if n := last.Total.Iterations; n < 200 || n > 206 || n+last.Total.Dropped != 500 {
		t.Errorf("%+v", last.Total)
	}
	if most := h.Max(); most < 280_000 || most > 300_000 {
		t.Errorf("%v; the longest waits 200 ms and is answered after 100 more", h)
	}
}
