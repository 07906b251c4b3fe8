package engine

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/target/shop"
)

// visited runs scenarios against the sample shop and checks that it refused nothing.
func visited(t *testing.T, o Options, spec loadgen.Spec, share loadgen.Share) (measured, shop.Counts) {
	t.Helper()
	s := shop.New(shop.Config{})
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	spec.Target = server.URL
	if share.Schedule == nil {
		share.Schedule = spec.UserSchedule()
	}
	m := carry(t, spec, o, share, nil)
	for kind, n := range s.Violations() {
		if n > 0 {
			t.Errorf("the shop refused %d requests for %s", n, kind)
		}
	}
	return m, s.Counts()
}

func accountRows(n int) string {
	var b strings.Builder
	b.WriteString("user,password\n")
	for i := range n {
		fmt.Fprintf(&b, "user%d,secret%d\n", i+1, i+1)
	}
	return b.String()
}

var loginStep = loadgen.Step{
	Name: "login", Post: "/login", JSON: []byte(`{"user": "{{accounts.user}}", "password": "{{accounts.password}}"}`), Checks: []loadgen.Check{{Status: "200"}},
}

// Each unique row is used once, regardless of the number of loops, and the load ends when the rows are used
// up.
func TestUniqueRowsAreUsedOnce(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		for _, kind := range []loadgen.Kind{loadgen.Avalanche, loadgen.Tsunami} {
			o.Threads, o.DriverIndex, o.Drivers = 2, 1, 3
			spec := loadgen.Spec{Kind: kind, Users: 8, Duration: loadgen.Duration(1e12), Data: map[string]loadgen.Dataset{"accounts": {Rows: accountRows(500), Pick: loadgen.PickUnique}},
				Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{loginStep}}}}
			share := loadgen.Share{}
			if kind == loadgen.Tsunami {
				spec.RateRPS, share.Schedule = 1000, steady(1000)
			}
			m, seen := visited(t, o, spec, share)
			if mine := int64(167); m.Total.Iterations != mine || seen.Logins != mine || seen.Users != mine || m.Total.IterationsFailed != 0 {
				t.Errorf("%s: %+v; the shop counted %+v", kind, m.Total, seen)
			}
		}
	})
}

// Files arrive unchanged: the shop responds with their size and hash.
func TestUploads(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		sum := "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // SHA-256 of "hello"
		spec := loadgen.Spec{Users: 4, Count: 40, Data: map[string]loadgen.Dataset{"accounts": {Rows: accountRows(10)}}, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			loginStep, {Name: "upload", Post: "/upload", Multipart: map[string]loadgen.Part{"note": {Body: "{{uuid}}"}, "file": {Body: "hello", Filename: "{{iteration}}.txt"}},
				Checks: []loadgen.Check{{JSON: "$.files[0].sha256", Equals: &sum}}},
		}}}}
		m, seen := visited(t, o, spec, loadgen.Share{})
		if m.Total.Iterations != 40 || m.Total.Unexpected != 0 || seen.Uploads != 40 || seen.Logins != 40 || seen.Users != 10 {
			t.Errorf("%+v; the shop counted %+v", m.Total, seen)
		}
	})
}
