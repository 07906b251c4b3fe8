package engine

import (
	"io"
	"net/http"
	"testing"

	"landfall/loadgen"
)

// carryOnce makes one user execute n iterations of steps.
func carryOnce(t *testing.T, spec loadgen.Spec, n int64, steps ...loadgen.Step) measured {
	t.Helper()
	spec.Users, spec.Count, spec.Scenarios = 1, n, []loadgen.Scenario{{Name: "a", Steps: steps}}
	return carry(t, spec, Options{Threads: 1}, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
}

// A redirect after a login is followed as in browsers: with a GET, with the cookie that it has set, and without the form's body.
func TestRedirectsAreFollowed(t *testing.T) {
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		switch q.URL.Path {
		case "/login":
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1", Path: "/"})
			w.Header().Set("Location", "account?x=1")
			w.WriteHeader(303)
		case "/account":
			if c, err := q.Cookie("sid"); err != nil || c.Value != "1" || q.Method != "GET" || len(body) > 0 || q.Header.Get("Content-Type") != "" || q.URL.RawQuery != "x=1" {
				w.WriteHeader(400)
			}
			w.Header().Set("X-Name", "ann")
		case "/kept":
			w.Header().Set("Location", "http://"+q.Host+"/put")
			w.WriteHeader(308)
		case "/put":
			if q.Method != "PUT" || string(body) != "text" {
				w.WriteHeader(400)
			}
		case "/round":
			w.Header().Set("Location", "/round")
			w.WriteHeader(302)
		case "/away":
			w.Header().Set("Location", "http://other.example/")
			w.WriteHeader(302)
		}
	}, nil)
	spec := loadgen.Spec{Target: r.url, Redirects: 3}
	m := carryOnce(t, spec, 5,
		loadgen.Step{Name: "login", Post: "/login", Form: map[string]string{"a": "b"}, Extract: map[string]loadgen.Extract{"name": {Header: "X-Name"}}, Checks: []loadgen.Check{{Status: "200"}}},
		loadgen.Step{Name: "put", Put: "/kept", Body: "text", Checks: []loadgen.Check{{Status: "200"}}})
	if m.Total.Requests != 20 || m.Total.IterationsFailed != 0 || m.Total.Unexpected != 0 || m.Total.Statuses["200"] != 10 {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
	m = carryOnce(t, spec, 2, loadgen.Step{Name: "round", Get: "/round"})
	if m.Total.Requests != 8 || m.Total.IterationsFailed != 2 || m.Failures[0].Reason != "more redirects than the spec allows" {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
	m = carryOnce(t, spec, 2, loadgen.Step{Name: "away", Get: "/away"})
	if m.Total.Requests != 2 || m.Total.IterationsFailed != 2 || m.Failures[0].Reason != "it is redirected to a host that neither the target, a step nor hosts names" {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
	spec.Redirects = 0
	m = carryOnce(t, spec, 2, loadgen.Step{Name: "login", Post: "/login", Checks: []loadgen.Check{{Status: "303"}}})
	if m.Total.Requests != 2 || m.Total.IterationsFailed != 0 || m.Total.Unexpected != 0 {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
}
