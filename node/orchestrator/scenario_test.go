package orchestrator

import (
	"errors"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/target/shop"
	"landfall/node/driver"
	"landfall/node/fleet"
	"landfall/node/report"
)

// shopping makes users log in, fetch a form, look at items and put one into their cart: the shop refuses
// tokens, cookies and CSRF tokens that are not theirs.
func shopping(url string) loadgen.Spec {
	bearer := map[string]string{"Authorization": "Bearer {{token}}"}
	return loadgen.Spec{Kind: loadgen.Avalanche, Target: url, Scenarios: []loadgen.Scenario{{Name: "buyer", Steps: []loadgen.Step{
		{Name: "login", Post: "/login", JSON: []byte(`{"user": "user{{n}}", "password": "secret{{n}}"}`), Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}},
			Checks: []loadgen.Check{{Status: "200"}}},
		{Name: "form", Get: "/cart/form", Extract: map[string]loadgen.Extract{"csrf": {Regex: `name="csrf" value="([^"]+)"`}}},
		{Repeat: 2, Steps: []loadgen.Step{{Name: "item", Get: "/items/{{int 1 100}}", Headers: bearer, Extract: map[string]loadgen.Extract{"price": {JSON: "$.price"}}}, {Think: "1ms..5ms"}}},
		{If: "price > 0", Steps: []loadgen.Step{{Name: "cart", Post: "/cart", Form: map[string]string{"csrf": "{{csrf}}", "item": "{{int 1 100}}"}, Checks: []loadgen.Check{{Status: "2xx"}}}}},
	}}}, Variables: map[string]string{"n": "{{int 1 1000}}"}}
}

// Iterations are divided among drivers like requests, and those of a lost driver are reassigned; the shop's
// counters equal the report, and it refused nothing.
func TestScenariosAreSharedByDrivers(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*loadgen.Spec){
		"held":      func(s *loadgen.Spec) { s.Users, s.Count = 10, 1000 },
		"at a rate": func(s *loadgen.Spec) { s.Kind, s.RateRPS, s.Count, s.Users = loadgen.Tsunami, 300, 600, 100 },
		"held, for a time, ramped": func(s *loadgen.Spec) {
			s.Stages = []loadgen.Stage{{Duration: loadgen.Duration(time.Second), Users: 12}, {Duration: loadgen.Duration(time.Second), Users: 1}}
		},
		"held, one lost": func(s *loadgen.Spec) { s.Users, s.Count, s.Pace = 30, 600, loadgen.Duration(200*time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, seen := newSite(t), shop.New(shop.Config{})
			server := httptest.NewServer(seen)
			t.Cleanup(server.Close)
			spec := shopping(server.URL)
			change(&spec)
			var drivers []*driver.Driver
			for i := range 3 {
				d, _ := s.driver(fmt.Sprintf("drv-%d", i), func(c *driver.Config) { c.Dial = nil }) // the shop is on the real network
				drivers = append(drivers, d)
			}
			o := s.orchestrator("o1")
			id := s.trigger(o, spec, Selection{Count: 3})
			lost := strings.Contains(name, "lost")
			if lost {
				s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Iterations > 100 })
				drivers[1].Quit()
			}
			checkShopping(t, s.finished(o, id), seen, spec, lost)
		})
	}
}

// Unique rows are divided among drivers and used once, also those of a lost driver: its unused rows stay
// unused, and the run passes although it runs out of users.
func TestUniqueRowsOfAFleet(t *testing.T) {
	t.Parallel()
	const accounts = 300
	s, seen := newSite(t), shop.New(shop.Config{})
	server := httptest.NewServer(seen)
	t.Cleanup(server.Close)
	var rows strings.Builder
	rows.WriteString("user,password\n")
	for i := range accounts {
		fmt.Fprintf(&rows, "user%d,secret%d\n", i+1, i+1)
	}
	spec := loadgen.Spec{Kind: loadgen.Avalanche, Target: server.URL, Users: 15, Pace: loadgen.Duration(200 * time.Millisecond), Duration: loadgen.Duration(time.Minute),
		Data: map[string]loadgen.Dataset{"accounts": {Rows: rows.String(), Pick: loadgen.PickUnique}},
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Name: "login", Post: "/login", JSON: []byte(`{"user": "{{accounts.user}}", "password": "{{accounts.password}}"}`), Checks: []loadgen.Check{{Status: "200"}}},
		}}}}
	var drivers []*driver.Driver
	for i := range 3 {
		d, _ := s.driver(fmt.Sprintf("drv-%d", i), func(c *driver.Config) { c.Dial = nil })
		drivers = append(drivers, d)
	}
	o := s.orchestrator("o1")
	id := s.trigger(o, spec, Selection{Count: 3})
	s.until(o, func(st *fleet.State) bool { return st.Run(id).Total.Iterations > 30 })
	drivers[1].Quit()
	r := s.finished(o, id)
	counts := seen.Counts()
	if counts.Logins != counts.Users || counts.Logins >= accounts || counts.Logins < 2*accounts/3 {
		t.Errorf("rows were used twice or not at all: the shop counted %+v", counts)
	}
	if n := r.Scenarios.Iterations; n > counts.Logins || n < counts.Logins-r.Unknown {
		t.Errorf("%d iterations, unknown %d; the shop counted %+v", n, r.Unknown, counts)
	}
	if r.Outcome != "finished" {
		t.Errorf("outcome %s: %q", r.Outcome, r.Reasons)
	}
	reported := false
	for _, in := range r.Intervals {
		for _, e := range in.Events {
			reported = reported || strings.Contains(fmt.Sprint(e), "unique rows of its data that it had not used stay unused")
		}
	}
	if !reported {
		t.Error("it is not said that rows were lost")
	}
}

// Each driver runs the setup once before it answers, and the teardown once after its share; a driver whose
// setup fails refuses.
func TestSetupOfAFleet(t *testing.T) {
	t.Parallel()
	s, seen := newSite(t), shop.New(shop.Config{})
	server := httptest.NewServer(seen)
	t.Cleanup(server.Close)
	item := loadgen.Step{Name: "item", Get: "/items/{{int 1 500}}", Auth: &loadgen.Auth{Bearer: "{{token}}"}, Checks: []loadgen.Check{{Status: "200"}}}
	spec := loadgen.Spec{Kind: loadgen.Avalanche, Target: server.URL, Users: 6, Count: 300, Secrets: map[string]string{"PW": "secret7"},
		Setup: []loadgen.Step{{Name: "login", Post: "/login", JSON: []byte(`{"user": "user7", "password": "{{secret.PW}}"}`), Checks: []loadgen.Check{{Status: "200"}},
			Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}}}},
		Teardown:  []loadgen.Step{item},
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{item}}}}
	for i := range 3 {
		s.driver(fmt.Sprintf("drv-%d", i), func(c *driver.Config) { c.Dial = nil })
	}
	o := s.orchestrator("o1")
	r := s.finished(o, s.trigger(o, spec, Selection{Count: 3}))
	if u := r.Scenarios; seen.Counts().Logins != 3 || u.Aside != 6 || u.Finished != 300 || r.Requests != 300 || r.Unexpected != 0 || r.Outcome != "finished" {
		t.Errorf("%s %q, %d requests, %+v; the shop counted %+v", r.Outcome, r.Reasons, r.Requests, u, seen.Counts())
	}
	spec.Secrets["PW"] = "wrong"
	_, err := o.Trigger(t.Context(), spec, Selection{Count: 3})
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "setup: login: token is not in the response; login: the response is not as expected (status 200)") {
		t.Errorf("%v", err)
	}
}

func checkShopping(t *testing.T, r *report.Report, seen *shop.Shop, spec loadgen.Spec, lost bool) {
	t.Helper()
	for kind, n := range seen.Violations() {
		if n > 0 {
			t.Errorf("the shop refused %d for %s", n, kind)
		}
	}
	u := r.Scenarios
	if spec.Count > 0 && u.Iterations != spec.Count || u.Iterations == 0 || u.Finished+u.Failed+u.Interrupted != u.Iterations || u.Failed != 0 {
		t.Errorf("%+v", u)
	}
	for _, f := range r.Findings { // users close their connections themselves
		if strings.Contains(f.What, "closes connections") {
			t.Errorf("%+v", f)
		}
	}
	logins := seen.Counts().Logins
	if !lost && (r.Unknown != 0 || logins != u.Iterations || seen.Counts().CartItems != u.Finished || r.Requests != 5*u.Iterations) {
		t.Errorf("%d requests, unknown %d; the shop counted %+v; %+v", r.Requests, r.Unknown, seen.Counts(), u)
	}
	if lost && (logins < u.Iterations || logins > u.Iterations+r.Unknown || r.Unknown > 300) {
		t.Errorf("unknown %d; the shop counted %+v; %+v", r.Unknown, seen.Counts(), u)
	}
	if most := slices.Max([]int{spec.Users, 12}); u.MaxUsers > most {
		t.Errorf("%d users, at most %d", u.MaxUsers, most)
	}
	names := map[string]int64{}
	for _, n := range r.Named {
		names[n.Name] = n.Requests
	}
	if !slices.Equal(slices.Sorted(maps.Keys(names)), []string{"cart", "form", "item", "login"}) || len(u.Checks) != 2 || u.Checks[0].Step != "login" || u.Checks[0].Passed != names["login"] || u.Checks[0].Failed != 0 {
		t.Errorf("steps %v, checks %+v", names, u.Checks)
	}
}
