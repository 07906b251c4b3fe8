//go:build e2e && unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"landfall/loadgen/target"
	"landfall/node/report"
)

// shopping is a spec whose users log in with unique accounts, buy, and leave.
const shopping = `
users: 60
finish: 60s
takeover: fast
data:
  accounts: {file: accounts.csv, pick: unique}
scenarios:
  - name: buyer
    steps:
      - {name: login, post: /login, json: {user: "{{accounts.user}}", password: "{{accounts.password}}"}, extract: {token: {json: $.token}}, checks: [{status: 200}]}
      - {name: item, get: "/items/{{int 1 500}}", auth: {bearer: "{{token}}"}, checks: [{status: 200}]}
      - think: 1ms..20ms
      - group: checkout
        steps:
          - {name: form, get: /cart/form, extract: {csrf: {regex: 'name="csrf" value="([^"]+)"'}}}
          - {name: cart, post: /cart, form: {csrf: "{{csrf}}", item: "{{int 1 500}}"}, checks: [{status: 200}]}
          - {name: order, post: /checkout, auth: {bearer: "{{token}}"}, checks: [{status: "303"}]}
      - {name: logout, post: /logout, checks: [{status: 204}]}
`

// One of three drivers is killed; all iterations are still executed, each with its own account. The shop, which checks tokens,
// cookies, CSRF and order, refuses nothing, and its counts match the report.
// E2E_ITERATIONS sets the size.
func TestUsersOfAFleetThatLosesADriver(t *testing.T) {
	t.Parallel()
	n, err := strconv.ParseInt(os.Getenv("E2E_ITERATIONS"), 10, 64)
	if err != nil {
		n = 5000
	}
	dir, rows := t.TempDir(), new(strings.Builder)
	rows.WriteString("user,password\n")
	for i := range 2 * n { // a lost driver's unused accounts are not reassigned
		fmt.Fprintf(rows, "user%d,secret%d\n", i+1, i+1)
	}
	for name, content := range map[string]string{"accounts.csv": rows.String(), "shop.yaml": shopping} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := newFleet(t, 3, "--accounts", fmt.Sprint(2*n))
	begun := time.Now()
	run := f.run(filepath.Join(dir, "shop.yaml"), strings.TrimSuffix(f.url, "/ping"), "-n", fmt.Sprint(n))
	eventually(t, time.Minute+time.Duration(n)*2*time.Millisecond, "a fifth of the iterations is done", func() bool { return f.counted().Requests >= 6*n/5 })
	f.drivers[1].signal(syscall.SIGKILL)
	if code := run.exit(time.Minute + time.Duration(n)*10*time.Millisecond); code != 0 {
		t.Errorf("exit %d", code)
	}
	r, counted := run.report(), f.counted()
	refusedNothing(t, counted)
	u := r.Scenarios
	if u.Iterations+r.Unknown < n || u.Iterations > n || u.Failed != 0 || u.Finished != u.Iterations || r.Unexpected != 0 {
		t.Errorf("%d iterations (%d unknown), want %d: %+v", u.Iterations, r.Unknown, n, u)
	}
	if c := counted.Shop; c.Users != c.Logins || c.Logins < u.Iterations || c.Logins > u.Iterations+r.Unknown || c.Orders < u.Iterations || c.Orders > c.Logins {
		t.Errorf("the shop counted %+v; reported were %d iterations (%d unknown)", c, u.Iterations, r.Unknown)
	}
	if counted.Requests < r.Requests || counted.Requests > r.Requests+6*r.Unknown {
		t.Errorf("the shop counted %d requests, reported were %d", counted.Requests, r.Requests)
	}
	if d := driverIn(r, "d2"); d.State != report.StateLost {
		t.Errorf("d2 is %s, want lost", d.State)
	}
	t.Logf("%d iterations in %.1f s, %d requests, %d unknown; the shop counted %+v", u.Iterations, time.Since(begun).Seconds(), r.Requests, r.Unknown, counted.Shop)
}

// refusedNothing checks that the shop refused no request for a wrong token, cookie, form or order.
func refusedNothing(t *testing.T, counted target.Metrics) {
	t.Helper()
	for kind, refused := range counted.Violations {
		if refused != 0 {
			t.Errorf("the shop refused %d for %s", refused, kind)
		}
	}
}
