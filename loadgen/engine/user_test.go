package engine

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"landfall/loadgen"
)

// An iteration fails, with the step and the reason, when a value that it needs is missing. When a check fails, the iteration continues.
func TestIterationsFail(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		var after atomic.Int64
		r := serve(t, func(w http.ResponseWriter, q *http.Request) {
			if q.URL.Path == "/after" {
				after.Add(1)
			}
			io.WriteString(w, "nothing")
		}, nil)
		spec := loadgen.Spec{Target: r.url, Users: 2, Count: 20, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
			{Name: "first", Get: "/", Checks: []loadgen.Check{{BodyContains: "something"}}},
			{Name: "second", Get: "/", Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}}},
			{Name: "third", Get: "/after"},
		}}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Iterations != 20 || m.Total.IterationsFailed != 20 || m.Total.Requests != 40 || m.Total.Unexpected != 20 || after.Load() != 0 {
			t.Errorf("%+v; %d after", m.Total, after.Load())
		}
		n := int64(0)
		for _, s := range m.list {
			for _, f := range s.Failures {
				if f.Step != "second" || f.Reason != "token is not in the response" {
					t.Errorf("%+v", f)
				}
				n += f.Count
			}
		}
		if n != 20 {
			t.Errorf("%d failures told", n)
		}
	})
}

// Weights divide iterations among scenarios, and choices among branches; an iteration uses one row of the CSV.
func TestUsersChoose(t *testing.T) {
	var mu sync.Mutex
	paths := map[string]int{}
	r := serve(t, func(_ http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		paths[q.URL.Path]++
	}, nil)
	spec := loadgen.Spec{Target: r.url, Users: 4, Count: 2000, CSV: "id\n1\n2\n", Scenarios: []loadgen.Scenario{
		{Name: "a", Weight: 3, Steps: []loadgen.Step{{Get: "/a"}, {Get: "/row/{{csv.id}}"}}},
		{Name: "b", Steps: []loadgen.Step{{Get: "/b"}, {Choose: []loadgen.Branch{
			{Weight: 9, Steps: []loadgen.Step{{Get: "/leave"}}}, {Steps: []loadgen.Step{{Get: "/complain"}}},
		}}}},
	}}
	m := carry(t, spec, Options{Threads: 2}, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
	mu.Lock()
	defer mu.Unlock()
	near := func(name string, want, off int) {
		if n := paths[name]; n < want-off || n > want+off {
			t.Errorf("%s: %d, want about %d", name, n, want)
		}
	}
	near("/a", 1500, 100)
	near("/leave", 450, 90)
	near("/complain", 50, 30)
	if paths["/a"]+paths["/b"] != 2000 || paths["/leave"]+paths["/complain"] != paths["/b"] || paths["/row/1"]+paths["/row/2"] != paths["/a"] || m.Total.Requests != 4000 {
		t.Errorf("%v, %+v", paths, m.Total)
	}
	near("/row/1", paths["/a"]/2, 100)
}
