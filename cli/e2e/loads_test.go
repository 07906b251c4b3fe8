//go:build e2e && unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/node/report"
)

// mixedLoads is a spec whose scenarios have their own loads: users that start at a rate, users in stages with a delayed start, and a
// constant number of users.
const mixedLoads = `
finish: 60s
takeover: fast
data:
  accounts: {file: accounts.csv, pick: unique}
scenarios:
  - name: buyers
    rate: 30
    duration: 20s
    steps:
      - {name: login, post: /login, json: {user: "{{accounts.user}}", password: "{{accounts.password}}"}, extract: {token: {json: $.token}}, checks: [{status: 200}]}
      - think: 1ms..20ms
      - {name: form, get: /cart/form, extract: {csrf: {regex: 'name="csrf" value="([^"]+)"'}}}
      - {name: cart, post: /cart, form: {csrf: "{{csrf}}", item: "{{int 1 500}}"}, checks: [{status: 200}]}
      - {name: order, post: /checkout, auth: {bearer: "{{token}}"}, checks: [{status: "303"}]}
      - {name: logout, post: /logout, checks: [{status: 204}]}
  - name: visitors
    start: 2s
    stages: [{duration: 4s, rate: 20}, {duration: 14s, rate: 20}]
    steps: [{group: look, steps: [{name: front, get: /login}, {name: item, get: "/ping?item={{int 1 500}}"}]}]
  - name: staff
    users: 6
    duration: 20s
    pace: 200ms
    steps: [{name: stock, get: /ping}]
`

// A fleet that runs scenarios with their own loads loses a driver. The shop's counts match the report and it refuses nothing, no
// account logs in twice, and soon after the loss every scenario has its full load again.
func TestLoadsOfAFleetThatLosesADriver(t *testing.T) {
	t.Parallel()
	dir, rows := t.TempDir(), new(strings.Builder)
	rows.WriteString("user,password\n")
	const accounts = 3000
	for i := range accounts {
		fmt.Fprintf(rows, "user%d,secret%d\n", i+1, i+1)
	}
	for name, content := range map[string]string{"accounts.csv": rows.String(), "mixed.yaml": mixedLoads} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := newFleet(t, 3, "--accounts", fmt.Sprint(accounts))
	run := f.run(filepath.Join(dir, "mixed.yaml"), strings.TrimSuffix(f.url, "/ping"))
	f.busy(1000)
	f.drivers[1].signal(syscall.SIGKILL)
	if code := run.exit(2 * time.Minute); code != 0 {
		t.Errorf("exit %d", code)
	}
	r, counted := run.report(), f.counted()
	refusedNothing(t, counted)
	u := r.Scenarios
	if u == nil || len(u.Each) != 3 || u.Failed != 0 || u.Interrupted != 0 || r.Unexpected != 0 {
		t.Fatalf("%+v", u)
	}
	buyers := u.Each[0]
	if c := counted.Shop; c.Users != c.Logins || c.Logins < buyers.Finished || c.Logins > buyers.Finished+r.Unknown || c.Orders < buyers.Finished || c.Orders > c.Logins {
		t.Errorf("the shop counted %+v; reported were %d buyers (%d unknown)", c, buyers.Finished, r.Unknown)
	}
	if counted.Requests < r.Requests || counted.Requests > r.Requests+6*r.Unknown {
		t.Errorf("the shop counted %d requests, reported were %d (%d iterations unknown)", counted.Requests, r.Requests, r.Unknown)
	}
	if d := driverIn(r, "d2"); d.State != report.StateLost {
		t.Errorf("d2 is %s, want lost", d.State)
	}
	agree(t, r)
	lost, ok := event(r, "lost", "d2")
	if !ok {
		t.Fatal("no driver was lost")
	}
	carriedByScenario(t, r, lost.AtMS)
	t.Logf("%d requests, %d iterations, %d unknown; %+v; the shop counted %+v", r.Requests, u.Iterations, r.Unknown, u.Each, counted.Shop)
}

// agree checks that figures by scenario and by second add up to those of the whole run.
func agree(t testing.TB, r *report.Report) {
	t.Helper()
	var iterations, requests int64
	for i, one := range r.Scenarios.Each {
		var started, ended int64
		for _, in := range r.Intervals {
			if i < len(in.Scenarios) {
				started, ended = started+in.Scenarios[i].Started, ended+in.Scenarios[i].Iterations
			}
		}
		if started != one.Started || ended != one.Iterations {
			t.Errorf("%s: by second %d started and %d ended, in all %d and %d", one.Name, started, ended, one.Started, one.Iterations)
		}
		iterations, requests = iterations+one.Iterations, requests+one.Requests
	}
	if iterations != r.Scenarios.Iterations || requests != r.Requests {
		t.Errorf("by scenario %d iterations and %d requests, in all %d and %d", iterations, requests, r.Scenarios.Iterations, r.Requests)
	}
}

// carriedByScenario checks that every scenario has its full load in the complete seconds from one second after a given time on. It
// compares sums, because a stall of the machine moves starts from one second to the next.
func carriedByScenario(t testing.TB, r *report.Report, atMS int64) {
	t.Helper()
	var seconds int64
	var started [3]int64
	for _, in := range r.Intervals {
		if in.AtMS < atMS+1000 || in.AtMS < 7000 || in.AtMS+1000 > 19_000 || in.Coverage < 1 {
			continue
		}
		seconds++
		for i := range started {
			started[i] += in.Scenarios[i].Started
		}
		if staff := in.Scenarios[2]; staff.Users != 6 {
			t.Errorf("at %d ms: %d users are held, want 6", in.AtMS, staff.Users)
		}
	}
	if seconds == 0 {
		t.Fatalf("no complete second after %d ms", atMS)
	}
	for i, least := range []int64{27, 18, 15} { // a second, of 30, 20 and at most 30
		if started[i] < least*seconds {
			t.Errorf("%s: %d started in %d s, want at least %d a second", r.Scenarios.Each[i].Name, started[i], seconds, least)
		}
	}
}
