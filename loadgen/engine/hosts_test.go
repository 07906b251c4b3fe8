package engine

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/target/shop"
)

// named serves under its own host name, which the spec's resolve maps to this machine.
func named(t *testing.T, spec *loadgen.Spec, name string, h http.Handler) (origin string, opened *atomic.Int64) {
	t.Helper()
	opened = new(atomic.Int64)
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	spec.Resolve = append(spec.Resolve, name+":"+u.Port()+":127.0.0.1")
	return "http://" + name + ":" + u.Port(), opened
}

// Users get their token from one host and shop at another, each with its own cookies. Users with their own
// connections open one to each host.
func TestSeveralHosts(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		for _, shared := range []bool{false, true} {
			s := shop.New(shop.Config{SecondHost: "idp.test"})
			spec := loadgen.Spec{Users: 6, Count: 120, SharedConnections: shared, Data: map[string]loadgen.Dataset{"accounts": {Rows: accountRows(50)}}}
			if shared {
				spec.Connections = 3
			}
			var shopOpened, idpOpened *atomic.Int64
			spec.Target, shopOpened = named(t, &spec, "shop.test", s)
			idp, idpOpened := named(t, &spec, "idp.test", s)
			spec.Scenarios = []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
				loginStep,
				{Name: "token", Post: idp + "/token", Form: map[string]string{"grant_type": "password", "username": "{{accounts.user}}", "password": "{{accounts.password}}"},
					Extract: map[string]loadgen.Extract{"api": {JSON: "$.access_token"}}, Checks: []loadgen.Check{{Status: "200"}}},
				{Name: "cart", Get: "/cart"}, bearerOnly,
			}}}
			m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule(), Connections: spec.Connections}, nil)
			for kind, n := range s.Violations() {
				if n > 0 {
					t.Errorf("the shop refused %d requests for %s", n, kind)
				}
			}
			if c := s.Counts(); m.Total.Requests != 480 || m.Total.Unexpected != 0 || m.Total.IterationsFailed != 0 || c.Logins != 240 {
				t.Errorf("%+v; the shop counted %+v; %v", m.Total, c, m.Failures)
			}
			if a, b := shopOpened.Load(), idpOpened.Load(); !shared && (a != 120 || b != 120) || m.Total.Connects != a+b {
				t.Errorf("shared %v: %d and %d connections were opened, %d told", shared, a, b, m.Total.Connects)
			}
		}
	})
}

// bearerOnly is a step whose token and cookie belong to different sessions; the shop requires only one of
// them.
var bearerOnly = loadgen.Step{Name: "item", Get: "/items/3", Auth: &loadgen.Auth{Bearer: "{{api}}"}, Headers: map[string]string{"Cookie": ""}, Checks: []loadgen.Check{{Status: "200"}}}

// A redirect and an extracted URL may lead to a host that the spec names. A redirect to another host does not
// send credentials there.
func TestRedirectsToAnotherHost(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var spec loadgen.Spec
		var leaked, arrived atomic.Int64
		idp, _ := named(t, &spec, "idp.test", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			arrived.Add(1)
			if q.Header.Get("Authorization") != "" || q.Header.Get("Cookie") != "" || !strings.HasPrefix(q.Host, "idp.test:") {
				leaked.Add(1)
			}
			if q.URL.Path == "/start" {
				w.Header().Set("Location", q.URL.Query().Get("back"))
				w.WriteHeader(302)
			}
		}))
		target, _ := named(t, &spec, "shop.test", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			switch q.URL.Path {
			case "/login":
				http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1", Path: "/"})
				w.Header().Set("Location", idp+"/start?back="+url.QueryEscape("http://"+q.Host+"/done"))
				w.WriteHeader(302)
			case "/done":
				if q.Header.Get("Cookie") != "sid=1" {
					leaked.Add(1)
				}
				w.Header().Set("X-Where", idp+"/profile")
			}
		}))
		spec.Target, spec.Users, spec.Count, spec.Redirects, spec.Hosts = target, 2, 10, 5, []string{idp}
		spec.Scenarios = []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Name: "login", Get: "/login", Auth: &loadgen.Auth{Bearer: "t"}, Extract: map[string]loadgen.Extract{"where": {Header: "X-Where"}}, Checks: []loadgen.Check{{Status: "200"}}},
			{Name: "profile", Get: "{{where}}"},
		}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Requests != 40 || m.Total.IterationsFailed != 0 || m.Total.Unexpected != 0 || arrived.Load() != 20 || leaked.Load() != 0 {
			t.Errorf("%+v %v; %d arrived, %d with what is not theirs", m.Total, m.Failures, arrived.Load(), leaked.Load())
		}
	})
}

// Every host of a spec must be on the allowlist before anything is sent.
func TestEveryHostMustBeAllowed(t *testing.T) {
	spec := loadgen.Spec{Target: "http://127.0.0.1:1/", Users: 1, Count: 1, Hosts: []string{"http://127.0.0.3:1"},
		Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Get: "/"}, {Get: "http://127.0.0.2:1/x"}}}}}.WithDefaults()
	var asked []string
	_, err := New(spec, Options{Allow: func(a netip.AddrPort, _ string, _ bool) error {
		asked = append(asked, a.Addr().String())
		if a.Addr() == netip.MustParseAddr("127.0.0.2") {
			return errors.New("not here")
		}
		return nil
	}})
	if err == nil || err.Error() != "not here" || fmt.Sprint(asked) != "[127.0.0.1 127.0.0.3 127.0.0.2]" {
		t.Errorf("%v, asked %v", err, asked)
	}
}
