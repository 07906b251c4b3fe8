package engine

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"landfall/loadgen"
)

// gets returns GET steps for paths.
func gets(paths ...string) (list []loadgen.Step) {
	for _, path := range paths {
		list = append(list, loadgen.Step{Name: path, Get: path})
	}
	return list
}

// Five requests of 100 ms each, two at a time, take 300 ms: that is the duration of the group, and the next step starts then.
func TestParallelRequests(t *testing.T) {
	spec := loadgen.Spec{Users: 2, Count: 6, Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{
		{Name: "page", Get: "/"},
		{Group: "resources", Steps: []loadgen.Step{{Parallel: gets("/1", "/2", "/3", "/4", "/5"), Limit: 2}}},
		{Name: "after", Get: "/after"},
	}}}}
	list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Quota: 6}, func(time.Duration) { time.Sleep(100 * time.Millisecond) }, nil)
	var groups []loadgen.Group
	var times []loadgen.ScenarioCount
	requests := map[string]int64{}
	for _, s := range list {
		groups = loadgen.AddGroups(groups, s.Groups)
		times = loadgen.AddScenarios(times, []loadgen.ScenarioCount{{Name: "a", Time: s.IterationTime}})
		for _, n := range s.Named {
			requests[n.Name] += n.Requests
		}
	}
	if g := groups[0].Time; g.Count() != 6 || g.Quantile(0.01) < 297_000 || g.Max() > 303_000 {
		t.Errorf("the group took %v", g)
	}
	if h := times[0].Time; h.Count() != 6 || h.Quantile(0.01) < 495_000 || h.Max() > 505_000 {
		t.Errorf("iterations took %v", h)
	}
	last := list[len(list)-1].Total
	if last.Iterations != 6 || last.IterationsFailed != 0 || last.Requests != 42 || last.Connects != 12 || requests["/5"] != 6 {
		t.Errorf("%+v, %v", last, requests)
	}
}

// sides is a target whose /a and /b set a cookie and return their names, and whose /after requires both cookies and names.
func sides(t *testing.T) (url string, refused, after *atomic.Int64) {
	refused, after = &atomic.Int64{}, &atomic.Int64{}
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/a", "/b":
			http.SetCookie(w, &http.Cookie{Name: q.URL.Path[1:], Value: "1", Path: "/"})
			fmt.Fprintf(w, `{"value": "of %s"}`, q.URL.Path)
		case "/after":
			after.Add(1)
			_, noA := q.Cookie("a")
			_, noB := q.Cookie("b")
			if noA != nil || noB != nil || q.URL.Query().Get("v") != "of /a of /b" {
				refused.Add(1)
			}
		}
	}, nil)
	return r.url, refused, after
}

func taking(name, path string) loadgen.Step {
	return loadgen.Step{Name: path, Get: path, Extract: map[string]loadgen.Extract{name: {JSON: "$.value"}}}
}

// Values extracted by parallel requests are known after them, and their cookies belong to the user.
func TestResultsOfParallelRequests(t *testing.T) {
	polls(t, func(t *testing.T, o Options) {
		url, refused, after := sides(t)
		spec := loadgen.Spec{Target: url, Timeout: loadgen.Duration(time.Minute), Users: 4, Count: 200, Scenarios: []loadgen.Scenario{{Name: "s", Steps: []loadgen.Step{
			{Parallel: []loadgen.Step{taking("x", "/a"), taking("y", "/b")}}, {Name: "after", Get: "/after", Query: map[string]string{"v": "{{x}} {{y}}"}},
		}}}}
		m := carry(t, spec, o, loadgen.Share{Schedule: spec.UserSchedule()}, nil)
		if m.Total.Iterations != 200 || m.Total.IterationsFailed != 0 || m.Total.Requests != 600 || refused.Load() != 0 || after.Load() != 200 {
			t.Errorf("%+v, %d refused of %d", m.Total, refused.Load(), after.Load())
		}
	})
}

// A failed request fails the iteration once the concurrent ones have ended.
func TestFailuresOfParallelRequests(t *testing.T) {
	url, _, after := sides(t)
	spec := loadgen.Spec{Target: url, Timeout: loadgen.Duration(time.Minute)}
	m := carryOnce(t, spec, 5, loadgen.Step{Parallel: []loadgen.Step{taking("x", "/a"), taking("z", "/c"), taking("y", "/b")}}, loadgen.Step{Name: "after", Get: "/after"})
	if m.Total.Iterations != 5 || m.Total.IterationsFailed != 5 || m.Total.Requests != 15 || after.Load() != 0 || len(m.Failures) != 1 || m.Failures[0].Step != "/c" {
		t.Errorf("%+v, %v", m.Total, m.Failures)
	}
}

// A run that ends while users execute a parallel step counts each iteration once, and its requests too.
func TestStopDuringParallelRequests(t *testing.T) {
	for _, shared := range []bool{false, true} {
		spec := loadgen.Spec{Users: 5, Duration: loadgen.Duration(1050 * time.Millisecond), Finish: loadgen.Duration(time.Millisecond), SharedConnections: shared, Connections: 5,
			Scenarios: []loadgen.Scenario{{Name: "a", Steps: []loadgen.Step{{Parallel: gets("/1", "/2", "/3"), Limit: 2}}}}}
		list := virtually(t, spec, loadgen.Share{Schedule: spec.UserSchedule(), Until: spec.Duration}, func(time.Duration) { time.Sleep(100 * time.Millisecond) }, nil)
		last := list[len(list)-1]
		if last.Users != 0 || last.InFlight != 0 || last.Total.IterationsInterrupted != 5 || last.Total.Iterations != last.Begun || last.Total.IterationsFailed != 0 {
			t.Errorf("shared %v: %+v", shared, last.Total)
		}
	}
}
