package engine

import (
	"net/http"
	"testing"

	"landfall/loadgen"
)

// A request whose extracted URL is on another host is not sent.
func TestUsersStayOnTheTarget(t *testing.T) {
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Location", map[string]string{"/evil": "http://evil.example/x", "/own": "http://" + q.Host + "/x?a=b c"}[q.URL.Path])
		if q.URL.Path == "/x" && q.URL.Query().Get("a") == "b c" {
			w.WriteHeader(299)
		}
	}, nil)
	spec := loadgen.Spec{Target: r.url, Users: 1, Count: 10, Order: "", Scenarios: []loadgen.Scenario{
		{Name: "evil", Steps: []loadgen.Step{{Get: "/evil", Extract: map[string]loadgen.Extract{"where": {Header: "Location"}}}, {Name: "go", Get: "{{where}}"}}},
	}}
	m := carry(t, spec, Options{}, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
	if m.Total.IterationsFailed != 10 || m.Total.Requests != 10 || m.Failures[0].Reason != "its URL is on a host that neither the target, a step nor hosts names" {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
	spec.Scenarios[0].Steps[0].Get = "/own"
	m = carry(t, spec, Options{}, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
	if m.Total.IterationsFailed != 0 || m.Total.Statuses["299"] != 10 {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
}

func TestNamesOfHeaderLines(t *testing.T) {
	for line, want := range map[string]bool{"Set-Cookie: a=b": true, "set-cookie:a=b": true, "SET-COOKIE:": true, "Set-Cookie2: a": false, "Set-Cookie": false, "": false, "X-Set-Cookie: a": false} {
		if got := isSetCookie([]byte(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
